import type { NoteSigner } from "@sworn/core";
import { encodeVkey } from "@sworn/core";

import type { Database } from "../../ports/database.ts";
import { append, type AppendDeps } from "./append.ts";
import { LogError } from "./log-error.ts";
import { LOG_AGENCY, LOG_SUBJECT } from "./rules.ts";

export interface CreateLogDeps extends AppendDeps {
  readonly database: Database;
  readonly signer: NoteSigner;
  /** One statement as the database's owner: what this deployment is, only the owner may write. */
  readonly asOwner: (text: string, values: readonly unknown[]) => Promise<{ rows: unknown[] }>;
}

/**
 * Begins the log where there is none, at every start: the deployment row with origin and public key, then
 * the leaf `log.started`. Refuses a key or origin that is not the one the log began with.
 *
 * @throws LogError `key-mismatch`
 */
export async function createLog(deps: CreateLogDeps): Promise<void> {
  const origin = deps.signer.key.name;
  const vkey = encodeVkey(deps.signer.key);
  await deps.asOwner(
    "insert into sworn.deployment (log_origin, log_vkey) values ($1, $2) on conflict (only_row) do nothing",
    [origin, vkey],
  );
  await deps.database.forAgency(LOG_AGENCY, async (tx) => {
    const row = await tx.selectFrom("sworn.deployment").select(["log_origin", "log_vkey"]).executeTakeFirstOrThrow();
    if (row.log_origin !== origin || row.log_vkey !== vkey) {
      throw new LogError(
        "key-mismatch",
        `This database's log was begun with the key ${row.log_vkey}; the key at hand is ${vkey}. Bring back the right key (recovery sheet) before going on; nothing was signed.`,
      );
    }
    const first = await tx
      .selectFrom("custody.entry")
      .select("id")
      .where("subject_kind", "=", LOG_SUBJECT.kind)
      .where("subject_id", "=", LOG_SUBJECT.id)
      .limit(1)
      .executeTakeFirst();
    if (first !== undefined) return;
    await append(tx, deps, LOG_AGENCY, { kind: "log.started", subject: LOG_SUBJECT, actorId: null, details: { vkey } });
  });
}
