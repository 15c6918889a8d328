import { words } from "../../words/index.ts";
import type { HashAnswer, HashRequest } from "./hash-file.worker.ts";

type Ended = Exclude<HashAnswer, { kind: "progress" }>;

/** SHA-256 of what lies at an address of this site, or of a file, without holding up the page. Never rejects. */
export function hashInWorker(
  source: string | Blob,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Ended> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./hash-file.worker.ts", import.meta.url), { type: "module" });
    const end = (answer: Ended): void => {
      worker.terminate();
      resolve(answer);
    };
    signal.addEventListener("abort", () => end({ kind: "failed", reason: words.frame.cancel }), { once: true });
    worker.addEventListener("message", (event: MessageEvent<HashAnswer>) => {
      if (event.data.kind === "progress") onProgress(event.data.done);
      else end(event.data);
    });
    worker.addEventListener("error", (event) => end({ kind: "failed", reason: event.message }));
    const wanted = typeof source === "string" ? new URL(source, location.href).href : source;
    worker.postMessage({ source: wanted } satisfies HashRequest, []);
  });
}
