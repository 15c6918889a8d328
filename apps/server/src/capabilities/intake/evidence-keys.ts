import { randomBytes } from "node:crypto";
import { Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { KeyRing } from "../../ports/key-ring.ts";

/**
 * One 32-byte key per evidence id, stored wrapped by the master key. Every object of the item is opened through it,
 * so destroying the row shreds the item.
 */
export interface EvidenceKeys {
  /** Makes the key in the caller's transaction, so that an id without a key never commits. */
  create(tx: Tx, agencyId: string, evidenceId: string): Promise<void>;
  /** The key in the clear; keep it no longer than the work at hand. `not-found` once it is shredded. */
  open(tx: Tx, evidenceId: string): Promise<Uint8Array>;
  /** Disposal calls this: the copy in memory must not outlive the row. */
  forget(evidenceId: string): void;
}

const contextOf = (evidenceId: string): string => `evidence-key/v1 ${evidenceId}`;

/** `capacity`: how many opened keys stay in memory (least recently used go first). */
export function makeEvidenceKeys(deps: { keyRing: KeyRing }, capacity = 256): EvidenceKeys {
  const opened = new Map<string, Uint8Array>();

  async function create(tx: Tx, agencyId: string, evidenceId: string): Promise<void> {
    // Not kept in memory yet: the transaction may still roll back.
    const wrapped = await deps.keyRing.wrap(randomBytes(32), contextOf(evidenceId));
    await tx
      .insertInto("sworn.evidence_key")
      .values({ evidence_id: evidenceId, agency_id: agencyId, master_key_id: deps.keyRing.masterKeyId, wrapped })
      .execute();
  }

  async function open(tx: Tx, evidenceId: string): Promise<Uint8Array> {
    // The row is asked for every time: another process may have shredded it, and another agency must not see it.
    const row = await tx
      .selectFrom("sworn.evidence_key")
      .select(["wrapped", "master_key_id"])
      .where("evidence_id", "=", evidenceId)
      .executeTakeFirst();
    if (row === undefined) {
      forget(evidenceId);
      throw new Problem("not-found", "The key of this item is gone; its bytes can no longer be opened.");
    }
    let key = opened.get(evidenceId);
    if (key === undefined) {
      key = await deps.keyRing.unwrap(row.wrapped, contextOf(evidenceId), row.master_key_id);
      const [oldest] = opened.keys();
      if (opened.size >= capacity && oldest !== undefined) forget(oldest);
    }
    opened.delete(evidenceId);
    opened.set(evidenceId, key);
    return key;
  }

  function forget(evidenceId: string): void {
    opened.delete(evidenceId);
  }

  return { create, open, forget };
}
