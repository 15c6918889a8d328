import { createHash, randomUUID } from "node:crypto";
import { type MadeShare, type MakeShare, OutsideRole, Problem } from "@sworn/contract";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import { assertSeesCase, visibleEvidence } from "../access/index.ts";
import { listEvidenceOfCase } from "../cases/index.ts";
import { actorOf, append } from "../custody/index.ts";
import type { SharingDeps } from "./sharing-deps.ts";

/** Five years: whoever needs it longer looks again at what they gave away. */
const LONGEST_MS = 5 * 366 * 24 * 60 * 60 * 1000;

type Request = z.output<typeof MakeShare>;

/** Shares what may be shared of what was asked for, and says for each item left out why. With `dryRun` it only says. */
export async function makeShare(tx: Tx, deps: SharingDeps, principal: Principal, request: Request): Promise<MadeShare> {
  const now = new Date(deps.clock.now());
  const expiresAt = new Date(request.expiresAt);
  if (expiresAt <= now) throw new Problem("request-malformed", "The share would have ended before it began.");
  if (expiresAt.getTime() - now.getTime() > LONGEST_MS)
    throw new Problem("request-malformed", "A share lasts at most five years. It can be made again.");
  const people = await findRecipients(tx, request.personIds);
  const items = await sortItems(tx, principal, request, await askedFor(tx, principal, request));
  const answer: MadeShare = { shareId: null, people, ...items };
  if (request.dryRun || items.shared.length === 0) return { ...answer, shared: items.shared.map(named) };
  const id = randomUUID();
  const agency_id = principal.agencyId;
  await tx
    .insertInto("sworn.share")
    .values({
      id,
      agency_id,
      may_download: request.mayDownload,
      case_id: request.caseId ?? null,
      reason: request.reason,
      message: request.message,
      made_by: principal.actorId,
      made_at: now,
      expires_at: expiresAt,
      revoked_by: null,
      revoked_at: null,
      revoke_reason: null,
    })
    .execute();
  await tx
    .insertInto("sworn.share_person")
    .values(people.map((person) => ({ share_id: id, person_id: person.id, agency_id })))
    .execute();
  await tx
    .insertInto("sworn.share_item")
    .values(items.shared.map((item) => ({ share_id: id, evidence_id: item.id, agency_id, class_id: item.classId })))
    .execute();
  for (const item of items.shared)
    await append(tx, deps.custody, agency_id, {
      kind: "share.made",
      subject: { kind: "evidence", id: item.id },
      ...actorOf(principal),
      reason: request.reason,
      ...(request.message === "" ? {} : { hashes: { message: hashMessage(request.message) } }),
      details: {
        share: id,
        people: people.map((person) => person.id).toSorted(),
        mayDownload: request.mayDownload ? "yes" : "no",
        expiresAt: expiresAt.toISOString(),
        class: item.classId,
        ...(request.caseId === undefined ? {} : { case: request.caseId }),
      },
    });
  for (const { id: personId } of people) await tell(tx, deps, agency_id, { personId, shareId: id, until: expiresAt });
  return { ...answer, shareId: id, shared: items.shared.map(named) };
}

/** Long enough before the end that it can be asked for again. */
const BEFORE_END_MS = 3 * 24 * 60 * 60 * 1000;

async function tell(
  tx: Tx,
  { notify, clock }: SharingDeps,
  agencyId: string,
  of: { readonly personId: string; readonly shareId: string; readonly until: Date },
): Promise<void> {
  await notify?.(tx, agencyId, { kind: "shared", ...of });
  const at = new Date(of.until.getTime() - BEFORE_END_MS);
  if (at.getTime() > clock.now()) await notify?.(tx, agencyId, { kind: "share-ending", at, ...of });
}

/** What is said to those outside stays out of the log; its hash does not. */
export function hashMessage(message: string): string {
  return createHash("sha256").update(message).digest("hex");
}

const named = ({ id, title }: { id: string; title: string }): { id: string; title: string } => ({ id, title });

async function findRecipients(tx: Tx, ids: readonly string[]): Promise<MadeShare["people"]> {
  const asked = new Set(ids);
  const rows = await tx
    .selectFrom("sworn.person")
    .select(["id", "name", "roles"])
    .where("id", "in", [...asked])
    .where("disabled_at", "is", null)
    .orderBy("name")
    .execute();
  const people = rows.flatMap(({ id, name, roles }) => {
    const role = roles.flatMap((each) => OutsideRole.safeParse(each).data ?? [])[0];
    return role === undefined ? [] : [{ id, name, role }];
  });
  if (people.length < asked.size)
    throw new Problem(
      "request-malformed",
      "Items are shared with people of the prosecution or the defence who can sign in here. One of those named is not.",
    );
  return people;
}

const MOST = 500;
/** Stands in a list of ids that may be empty. */
const NOTHING = "00000000-0000-0000-0000-000000000000";

/** What was asked for; with a case, what of it lies in that case, or all that it gathers now. */
async function askedFor(
  tx: Tx,
  principal: Principal,
  { evidenceIds, caseId }: Request,
): Promise<{ ids: string[]; beyond: string[] }> {
  const named = [...new Set(evidenceIds)];
  if (caseId === undefined) return { ids: named, beyond: [] };
  await assertSeesCase(tx, principal, caseId);
  const all = await listEvidenceOfCase(tx, caseId);
  if (named.length > 0) {
    const inside = new Set(all);
    return { ids: named.filter((id) => inside.has(id)), beyond: named.filter((id) => !inside.has(id)) };
  }
  if (all.length > MOST)
    throw new Problem("request-malformed", `A share holds at most ${MOST} items. Name those of this case to share.`);
  return { ids: all, beyond: [] };
}

type Item = MadeShare["shared"][number] & { readonly classId: string | null };

async function sortItems(
  tx: Tx,
  principal: Principal,
  request: Request,
  { ids, beyond }: { readonly ids: readonly string[]; readonly beyond: readonly string[] },
): Promise<Pick<MadeShare, "restricted" | "unfinished" | "missing"> & { shared: Item[] }> {
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "title", "state", "restricted_class_id"])
    .where("id", "in", [...ids, NOTHING])
    .where(visibleEvidence(principal))
    .where("state", "!=", "disposed")
    .orderBy("id")
    .execute();
  const found = new Set(rows.map(({ id }) => id));
  const allowed = may(principal, "evidence.restrict");
  const sorted: Awaited<ReturnType<typeof sortItems>> = {
    shared: [],
    restricted: [],
    unfinished: [],
    // Of a whole case, what is not theirs to see is left out without a word: it is not there.
    missing: request.evidenceIds.length === 0 ? [] : [...ids.filter((id) => !found.has(id)), ...beyond],
  };
  for (const { id, title, state, restricted_class_id: classId } of rows)
    if (state === "live" || state === "sealing") sorted.unfinished.push({ id, title });
    else if (classId !== null && !(request.includeRestricted && allowed))
      sorted.restricted.push({ id, title, allowed });
    else sorted.shared.push({ id, title, classId });
  return sorted;
}
