import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import { checkHistory, fingerprintOf, type Line, type LineId } from "./check-history.ts";
import { custodyKey } from "./custody-query.ts";

export interface Check {
  readonly phase: "idle" | "running" | "done" | "failed";
  readonly lines: ReadonlyMap<LineId, Line>;
  readonly fingerprint: string | null;
  /** When this browser finished, RFC 3339. */
  readonly at: string | null;
  /** Entries that were in the history that was checked: a later one is not covered. */
  readonly covered: number;
  readonly error: string | null;
}

const idle: Check = { phase: "idle", lines: new Map(), fingerprint: null, at: null, covered: 0, error: null };

/** Asks for the newest history and key, then recomputes. Never runs by itself: green is earned by a press. */
export function useCheck(id: string): { check: Check; run: () => void } {
  const client = useQueryClient();
  const [check, setCheck] = useState(idle);
  const run = useCallback(() => {
    void (async () => {
      setCheck({ ...idle, phase: "running" });
      try {
        const [history, policy] = await Promise.all([sworn.evidence.custody(id), sworn.log.policy()]);
        client.setQueryData(custodyKey(id), history);
        void client.invalidateQueries({ queryKey: [...custodyKey(id), "story"] });
        setCheck((now) => ({ ...now, fingerprint: fingerprintOf(policy), covered: history.entries.length }));
        for await (const line of checkHistory(history, policy)) {
          setCheck((now) => ({ ...now, lines: new Map(now.lines).set(line.id, line) }));
        }
        setCheck((now) => ({ ...now, phase: "done", at: new Date().toISOString() }));
      } catch (error) {
        setCheck((now) => ({ ...now, phase: "failed", error: reasonOf(error) }));
      }
    })();
  }, [client, id]);
  return { check, run };
}
