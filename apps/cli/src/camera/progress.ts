import type { RecordState } from "./record.ts";
import type { RecordingSender } from "./send-recording.ts";

/** One line on standard error, rewritten each second on a terminal and printed every ten elsewhere. */
export function showProgress(state: RecordState, senders: readonly RecordingSender[]): () => void {
  const terminal = process.stderr.isTTY;
  let ticks = 0;
  let before = 0;
  const timer = setInterval(() => {
    ticks += 1;
    const sent = senders.reduce((sum, sender) => sum + sender.state.bytesSent, 0);
    const rate = sent - before;
    before = sent;
    if (terminal) process.stderr.write(`\r\u001B[2K${line(state, senders, rate)}`);
    else if (ticks % 10 === 0) process.stderr.write(`${line(state, senders, rate)}\n`);
  }, 1000);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (terminal) process.stderr.write("\r\u001B[2K");
  };
}

function line(state: RecordState, senders: readonly RecordingSender[], bytesPerSecond: number): string {
  const sum = (of: "received" | "stored" | "waiting"): number =>
    senders.reduce((total, sender) => total + sender.state[of], 0);
  const trouble = senders.find((sender) => sender.state.trouble !== null)?.state.trouble;
  const seconds = Math.floor(state.durationMs / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const parts = [
    `part ${state.take + 1} at ${clock}`,
    `${state.fragments} fragments, ${(state.bytes / 1e6).toFixed(1)} MB`,
    `${sum("received")} received, ${sum("stored")} stored`,
    `${((bytesPerSecond * 8) / 1e6).toFixed(1)} Mbit/s`,
  ];
  // While the server is away or refuses, what waits is not counted: all of it does, safe here.
  if (trouble === null || trouble === undefined) return [...parts, `${sum("waiting")} waiting`].join(" · ");
  return [...parts, `the rest is kept here (${trouble})`].join(" · ");
}
