import { readFileSync } from "node:fs";
import { processTree, residentBytes } from "../tests/fault/harness/process-tree.ts";

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  const middle = sorted.length % 2 === 1 ? at(0.5) : (at(0.5) + (sorted[sorted.length / 2 - 1] ?? Number.NaN)) / 2;
  return { median: middle, least: at(0), most: sorted.at(-1) ?? Number.NaN };
}

/** The value that `share` of all values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** CPU seconds that a process and its descendants have used so far; ended children count with their parents. */
export function cpuSeconds(pid: number): { own: number; children: number } {
  const [own = 0, ...others] = processTree(pid).map(cpuOf);
  return { own, children: others.reduce((sum, seconds) => sum + seconds, 0) };
}

const TICKS_PER_SECOND = 100;
function cpuOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0; // ended in between
  }
}

/** Samples a process's resident memory, once a second, until it is stopped; in bytes. */
export function watchMemory(pid: number): { stop(): number[] } {
  const samples: number[] = [];
  const take = (): void => {
    const bytes = residentBytes(pid);
    if (bytes !== null) samples.push(bytes);
  };
  take();
  const timer = setInterval(take, 1000);
  return {
    stop() {
      clearInterval(timer);
      return samples;
    },
  };
}

/** Columns padded to their widest cell; the first to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}
