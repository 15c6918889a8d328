import type { CustodyHistory, Evidence } from "@sworn/contract";
import { useCallback, useEffect, useRef, useState } from "react";
import { sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { findLoggedHash } from "./find-logged-hash.ts";
import { hashInWorker } from "./hash-in-worker.ts";

export interface FileCheck {
  readonly phase: "idle" | "running" | "holds" | "fails";
  readonly done: number;
  readonly size: number;
  readonly part: number;
  readonly startedAt: number;
  readonly detail: string;
}

const idle: FileCheck = { phase: "idle", done: 0, size: 0, part: 0, startedAt: 0, detail: "" };
const say = words.custody.file;

/** Reads every byte of the original here and compares its SHA-256 with the one an entry of the log names. */
export function useFileCheck(evidence: Evidence): {
  file: FileCheck;
  start: (history: CustodyHistory) => void;
  cancel: () => void;
} {
  const [file, setFile] = useState(idle);
  const stop = useRef<(() => void) | null>(null);
  const cancel = useCallback(() => {
    stop.current?.();
    stop.current = null;
    setFile(idle);
  }, []);
  useEffect(() => () => stop.current?.(), []);

  const start = useCallback(
    (history: CustodyHistory) => {
      stop.current?.();
      const abort = new AbortController();
      stop.current = () => abort.abort();
      const takes = evidence.takes.length > 1 ? evidence.takes.map((take) => take.take) : [undefined];
      setFile({ ...idle, phase: "running", size: evidence.size, startedAt: performance.now() });
      void (async () => {
        let before = 0;
        const found: string[] = [];
        for (const [position, take] of takes.entries()) {
          setFile((now) => ({ ...now, part: position }));
          const url = sworn.evidence.mediaUrl(evidence.id, take === undefined ? {} : { take });
          const base = before;
          const answer = await hashInWorker(url, abort.signal, (done) =>
            setFile((now) => ({ ...now, done: base + done })),
          );
          if (abort.signal.aborted) return;
          if (answer.kind === "failed")
            return setFile((now) => ({ ...now, phase: "fails", detail: say.unread(answer.reason) }));
          before += answer.size;
          const entry = findLoggedHash(history, answer.sha256);
          if (entry === null)
            return setFile((now) => ({
              ...now,
              phase: "fails",
              detail: say.differs(answer.sha256, takes.length > 1 ? position + 1 : null),
            }));
          found.push(say.matches(answer.sha256, entry + 1));
        }
        setFile((now) => ({ ...now, phase: "holds", done: before, detail: found.join(" ") }));
      })();
    },
    [evidence],
  );
  return { file, start, cancel };
}
