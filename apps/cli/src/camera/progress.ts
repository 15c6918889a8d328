import type { RecordState } from "./record.ts";
import type { RecordingSender } from "./send-recording.ts";

export interface Progress {
  /** A line of its own, at once. */
  readonly say: (text: string) => void;
  readonly stop: () => void;
}

const COUNT_EVERY = 10;

/**
 * One line on standard error, rewritten each second on a terminal and printed every ten elsewhere; and a line of its own
 * whenever the server is reached or lost.
 */
export function showProgress(state: RecordState, senders: readonly RecordingSender[]): Progress {
  const terminal = process.stderr.isTTY;
  const say = (text: string): void => void process.stderr.write(`${terminal ? "\r\u001B[2K" : ""}${text}\n`);
  let ticks = 0;
  let before = 0;
  let kept = 0;
  let link: "unknown" | "up" | "down" = "unknown";
  let busy = false;
  const tick = async (): Promise<void> => {
    ticks += 1;
    if (busy) return;
    busy = true;
    await show().finally(() => (busy = false));
  };
  const show = async (): Promise<void> => {
    const now = linkOf(senders);
    // Counting reads the folders: after a day without network that is a hundred thousand names.
    if (ticks < COUNT_EVERY || ticks % COUNT_EVERY === 0 || now !== link) kept = await secondsKept(senders);
    if (now !== link && now !== "unknown") say(now === "up" ? reached(link, kept) : lost(senders, kept));
    link = now;
    const sent = senders.reduce((sum, sender) => sum + sender.state.bytesSent, 0);
    const rate = sent - before;
    before = sent;
    if (terminal) process.stderr.write(`\r\u001B[2K${line(state, senders, rate, kept)}`);
    else if (ticks % COUNT_EVERY === 0) process.stderr.write(`${line(state, senders, rate, kept)}\n`);
  };
  const timer = setInterval(() => void tick(), 1000);
  timer.unref();
  return {
    say,
    stop: () => {
      clearInterval(timer);
      if (terminal) process.stderr.write("\r\u001B[2K");
    },
  };
}

function linkOf(senders: readonly RecordingSender[]): "unknown" | "up" | "down" {
  if (senders.some(({ state }) => state.trouble !== null)) return "down";
  return senders.some(({ state }) => state.connected || state.received > 0) ? "up" : "unknown";
}

function reached(before: "unknown" | "up" | "down", kept: number): string {
  const waits = kept < 1 ? "" : ` ${seconds(kept)} of footage wait here until they are stored there.`;
  return before === "down" ? `Sending again.${waits}` : "Connected: the server takes the footage as it is recorded.";
}

function lost(senders: readonly RecordingSender[], kept: number): string {
  return `Not sending (${troubleOf(senders)}). Recording goes on; ${seconds(kept)} of footage wait here and go up by themselves.`;
}

/** What keeps a sender from sending, as words for the middle of a sentence; empty where nothing does. */
export function troubleOf(senders: readonly RecordingSender[]): string {
  const trouble = senders.find(({ state }) => state.trouble !== null)?.state.trouble;
  return (trouble ?? "").replace(/\.$/, "");
}

export async function secondsKept(senders: readonly RecordingSender[]): Promise<number> {
  let sum = 0;
  for (const sender of senders) sum += sender.state.done ? 0 : await sender.secondsKept();
  return sum;
}

/** 42 s, 3 min 5 s, 2 h 14 min */
export function seconds(of: number): string {
  const whole = Math.round(of);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function line(state: RecordState, senders: readonly RecordingSender[], bytesPerSecond: number, kept: number): string {
  const sum = (of: "received" | "stored"): number => senders.reduce((total, sender) => total + sender.state[of], 0);
  const down = linkOf(senders) === "down";
  return [
    `part ${state.take + 1}`,
    `${seconds(state.durationMs / 1000)} of footage, ${(state.bytes / 1e6).toFixed(1)} MB`,
    `${sum("received")} pieces received, ${sum("stored")} stored`,
    `${seconds(kept)} kept here`,
    down ? "not sending" : `${((bytesPerSecond * 8) / 1e6).toFixed(1)} Mbit/s`,
  ].join(" · ");
}
