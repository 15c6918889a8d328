import { randomUUID } from "node:crypto";
import { Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append } from "../custody/index.ts";
import { type IntakeDeps, expiryOf } from "./upload-deps.ts";
import type { UploadFacts } from "./upload-rules.ts";
import { type Upload, ownUpload } from "./upload-store.ts";

/** Announces a file: upload, its file, its key and the event in one transaction. No byte is taken yet. */
export async function createUpload(
  deps: IntakeDeps,
  principal: Principal,
  length: number,
  facts: UploadFacts,
): Promise<Upload> {
  if (length === 0) throw new Problem("file-empty");
  await deps.diskReserve.assertRoom(length);
  const { agencyId } = principal;
  const id = randomUUID();
  const fileId = randomUUID();
  const evidenceId = randomUUID();
  return await deps.database.forAgency(agencyId, async (tx) => {
    const deviceId = await deviceOf(tx, principal, facts);
    await assertFew(tx, deps, principal);
    await deps.evidenceKeys.create(tx, agencyId, evidenceId);
    await tx
      .insertInto("sworn.file")
      .values({
        id: fileId,
        agency_id: agencyId,
        evidence_id: evidenceId,
        role: "original",
        media_type: "application/octet-stream", // known once sealed
        state: "open",
      })
      .execute();
    await tx
      .insertInto("sworn.upload")
      .values({
        id,
        agency_id: agencyId,
        file_id: fileId,
        actor_id: principal.actorId,
        person_id: principal.personId,
        device_id: deviceId,
        name: facts.name,
        declared_type: facts.declaredType,
        declared_sha256: facts.declaredSha256,
        captured_at: facts.capturedAt,
        title: facts.title,
        length,
        state: "receiving",
        expires_at: expiryOf(deps),
      })
      .execute();
    await append(tx, deps.custody, agencyId, {
      kind: "upload.created",
      subject: { kind: "evidence", id: evidenceId },
      ...actorOf(principal),
      hashes: facts.declaredSha256 === null ? {} : { declared: Buffer.from(facts.declaredSha256).toString("hex") },
      details: { upload: id, received: 0, length },
    });
    return await ownUpload(tx, principal, id);
  });
}

/** Each one begun costs rows, a key and an entry of the log: a lost key must not be able to make them without end. */
async function assertFew(tx: Tx, deps: IntakeDeps, principal: Principal): Promise<void> {
  const most = deps.maxUnfinished ?? 1000;
  const open = await tx
    .selectFrom("sworn.upload")
    .select("id")
    .where("state", "=", "receiving")
    .where("actor_id", "=", principal.actorId)
    .limit(most)
    .execute();
  if (open.length < most) return;
  throw new Problem("rate-limited", `${most} of your uploads are unfinished. Go on with them, or end some of them.`);
}

/** A camera speaks for itself alone; a custodian who empties a camera may say which one it was. */
async function deviceOf(tx: Tx, principal: Principal, facts: UploadFacts): Promise<string | null> {
  if (principal.deviceId !== null || facts.deviceId === null) return principal.deviceId;
  if (!principal.roles.includes("custodian"))
    throw new Problem("not-allowed", "Only a custodian may bring in files in a camera's name.");
  const device = await tx.selectFrom("sworn.device").select("id").where("id", "=", facts.deviceId).executeTakeFirst();
  if (device === undefined) throw new Problem("request-malformed", "There is no such camera.");
  return device.id;
}
