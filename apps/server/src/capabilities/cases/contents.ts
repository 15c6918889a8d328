import { type ChangeContents, type ContentsAnswer, Problem } from "@sworn/contract";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertSeesCase, visibleIncident } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import type { IncidentDeps } from "../incidents/index.ts";
import { lockItems } from "../retention/index.ts";

const MOST_ITEMS = 5000;
const MOST_INCIDENTS = 500;

type Part = "evidence" | "incident";

/**
 * Puts items and incidents into a case (`put`), or takes them out. Only what the principal sees: anything else is
 * answered as missing.
 */
export async function changeContents(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  id: string,
  { evidenceIds = [], incidentIds = [] }: z.output<typeof ChangeContents>,
  put: boolean,
): Promise<ContentsAnswer> {
  await assertSeesCase(tx, principal, id);
  // Held, so that two who add at once count each other's.
  const { number } = await tx
    .selectFrom("sworn.case_file")
    .select("number")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const answer: ContentsAnswer = { changed: [], unchanged: [], missing: [] };
  const turn = async (part: Part, of: string, change: () => Promise<boolean>): Promise<void> => {
    if (!(await change())) return void answer.unchanged.push(of);
    answer.changed.push(of);
    const kind = `case.${part}-${put ? "added" : "removed"}` as const;
    const event = { kind, ...actorOf(principal) };
    await append(tx, deps.custody, principal.agencyId, {
      ...event,
      subject: { kind: "case", id },
      details: { [part]: of },
    });
    await append(tx, deps.custody, principal.agencyId, {
      ...event,
      subject: { kind: part, id: of },
      details: { case: id, number },
    });
  };
  const facts = {
    case_id: id,
    agency_id: principal.agencyId,
    added_by: principal.actorId,
    added_at: new Date(deps.clock.now()),
  };
  if (incidentIds.length > 0) {
    const { rows, missing } = await findIncidents(tx, principal, incidentIds);
    answer.missing.push(...missing);
    for (const of of rows)
      await turn("incident", of, async () => {
        const row = { ...facts, incident_id: of };
        const changed = put
          ? await tx
              .insertInto("sworn.case_incident")
              .values(row)
              .onConflict((on) => on.doNothing())
              .executeTakeFirst()
          : await tx
              .deleteFrom("sworn.case_incident")
              .where("case_id", "=", id)
              .where("incident_id", "=", of)
              .executeTakeFirst();
        return countOf(changed) > 0n;
      });
  }
  if (evidenceIds.length > 0) {
    const { rows, missing } = await lockItems(tx, principal, evidenceIds);
    answer.missing.push(...missing);
    for (const { id: of } of rows)
      await turn("evidence", of, async () => {
        const row = { ...facts, evidence_id: of };
        const changed = put
          ? await tx
              .insertInto("sworn.case_evidence")
              .values(row)
              .onConflict((on) => on.doNothing())
              .executeTakeFirst()
          : await tx
              .deleteFrom("sworn.case_evidence")
              .where("case_id", "=", id)
              .where("evidence_id", "=", of)
              .executeTakeFirst();
        return countOf(changed) > 0n;
      });
  }
  if (put) await assertBounded(tx, id);
  return answer;
}

const countOf = (of: { numInsertedOrUpdatedRows?: bigint | undefined } | { numDeletedRows: bigint }): bigint =>
  "numDeletedRows" in of ? of.numDeletedRows : (of.numInsertedOrUpdatedRows ?? 0n);

async function findIncidents(
  tx: Tx,
  principal: Principal,
  asked: readonly string[],
): Promise<{ rows: string[]; missing: string[] }> {
  const ids = [...new Set(asked)];
  const found = await tx
    .selectFrom("sworn.incident")
    .select("id")
    .where("id", "in", ids)
    .where(visibleIncident(principal))
    .orderBy("id")
    .execute();
  const rows = found.map((row) => row.id);
  return { rows, missing: ids.filter((id) => !rows.includes(id)) };
}

async function assertBounded(tx: Tx, id: string): Promise<void> {
  const count = async (table: "sworn.case_evidence" | "sworn.case_incident"): Promise<number> => {
    const query = tx.selectFrom(table).select((eb) => eb.fn.countAll<number>().as("count"));
    return (await query.where("case_id", "=", id).executeTakeFirstOrThrow()).count;
  };
  if ((await count("sworn.case_evidence")) > MOST_ITEMS || (await count("sworn.case_incident")) > MOST_INCIDENTS)
    throw new Problem(
      "request-malformed",
      `A case has at most ${MOST_INCIDENTS} incidents and ${MOST_ITEMS} items of its own. Nothing was added.`,
    );
}
