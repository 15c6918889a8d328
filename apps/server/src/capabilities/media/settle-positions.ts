import type { Tx } from "../../ports/database.ts";
import { judgeFailure, type Verdict } from "./rules.ts";
import { findEvidence, setMediaState } from "./store.ts";

const PREFIX = "positions-";

/** Whether what is shown on the item is the positions' failure: then only the positions' own success takes it away. */
export const isPositionsFailure = (row: { readonly media_code: string | null }): boolean =>
  row.media_code?.startsWith(PREFIX) === true;

/**
 * Shows on the item how reading its positions ended: a failure with its code and words, to be asked for again like any
 * other; null takes an earlier one away. What the probe refused, or failed at, is worse and stays. Answers the verdict.
 */
export async function settlePositions(
  tx: Tx,
  id: string,
  failed: { readonly error: unknown } | null,
): Promise<Pick<Verdict, "again">> {
  const row = await findEvidence(tx, id);
  if (failed === null) {
    if (row !== undefined && row.media_state === "failed" && isPositionsFailure(row))
      await setMediaState(tx, id, { state: "ready", code: null, detail: null });
    return { again: false };
  }
  const verdict = judgeFailure(failed.error);
  const worse = row?.media_state === "refused" || (row?.media_state === "failed" && !isPositionsFailure(row));
  if (row !== undefined && !worse) {
    const detail = `No positions could be read. ${verdict.detail ?? ""}`.trim();
    await setMediaState(tx, id, { state: "failed", code: `${PREFIX}${verdict.code ?? "failed"}`, detail });
  }
  return verdict;
}
