import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type ContenderOptions, contenders, type Timing } from "./contenders.ts";
import { generateFile, makeHead } from "./footage.ts";
import { cpuSeconds, type Spread, spreadOf, table } from "./measure.ts";

export interface UploadOptions extends ContenderOptions {
  readonly rounds: number;
  /** 1 for the real sizes; smaller for a quick look. */
  readonly scale: number;
  readonly only: RegExp;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

interface Result {
  readonly received: number[];
  readonly stored: number[];
  /** CPU seconds per GB until everything was received, and until everything was stored. */
  readonly cpu: number[];
  readonly cpuStored: number[];
}

/** Largest number of bytes on the disk at once. */
export const uploadBytes = ({ scale }: UploadOptions): number => (4 * GIB + 256 * MIB) * scale;

/**
 * Each round gives every contender the same work, one after the other in changing order, each in a fresh process with a
 * fresh folder, after a warm-up and with nothing of the one before still being written.
 */
export async function benchUploads(folder: string, options: UploadOptions): Promise<string> {
  const head = makeHead(folder);
  const cases = [
    { name: `1 × ${fmt(2 * GIB * options.scale)}`, count: 1, size: Math.round(2 * GIB * options.scale) },
    {
      name: `16 × ${fmt(256 * MIB * options.scale)} in parallel`,
      count: 16,
      size: Math.round(256 * MIB * options.scale),
    },
  ];
  const out: string[] = [];
  for (const { name, count, size } of cases) {
    const names = Object.keys(contenders).filter((contender) => options.only.test(contender));
    const results = new Map<string, Result>(
      names.map((key) => [key, { received: [], stored: [], cpu: [], cpuStored: [] }]),
    );
    for (let round = 0; round < options.rounds; round++)
      for (let i = 0; i < names.length; i++) {
        const contender = names[(i + round) % names.length] ?? "";
        const start = contenders[contender];
        const result = results.get(contender);
        if (start === undefined || result === undefined) continue;
        const measured = await measure(join(folder, `${count}-${round}-${i}`), start, { count, size, head }, options);
        result.received.push(measured.received);
        if (measured.stored !== null) result.stored.push(measured.stored);
        result.cpu.push(measured.cpu);
        result.cpuStored.push(measured.cpuStored);
        process.stderr.write(
          `  ${name}, round ${round + 1}, ${contender}: ${measured.received.toFixed(0)} MB/s received` +
            `${measured.stored === null ? "" : `, ${measured.stored.toFixed(0)} MB/s stored`}\n`,
        );
      }
    out.push(`${name}, ${options.rounds} rounds, median (least to most)`, tabulate(results), "");
  }
  return out.join("\n");
}

async function measure(
  folder: string,
  start: (typeof contenders)[string],
  work: { count: number; size: number; head: Uint8Array },
  options: UploadOptions,
): Promise<{ received: number; stored: number | null; cpu: number; cpuStored: number }> {
  const contender = await start(folder, options);
  try {
    const warm = await contender.send(generateFile(work.head, 32 * MIB)); // compiles what will be hot
    await warm.stored;
    await contender.rest?.();
    spawnSync("sync");
    const before = cpuSeconds(contender.pid);
    const timings: Timing[] = await Promise.all(
      Array.from({ length: work.count }, () => contender.send(generateFile(work.head, work.size))),
    );
    const bytes = work.count * work.size;
    const used = (): number => {
      const now = cpuSeconds(contender.pid);
      return (now.own + now.children - before.own - before.children) / (bytes / 1e9);
    };
    const cpu = used();
    const stored = await Promise.all(timings.flatMap((timing) => (timing.stored === null ? [] : [timing.stored])));
    const rate = (ms: readonly number[]): number => bytes / 1e3 / Math.max(...ms);
    return {
      received: rate(timings.map(({ receivedMs }) => receivedMs)),
      stored: stored.length === 0 ? null : rate(stored),
      cpu,
      cpuStored: used(),
    };
  } finally {
    await contender.end();
    spawnSync("sync");
  }
}

function tabulate(results: ReadonlyMap<string, Result>): string {
  const entries = [...results];
  const medianOf = (name: RegExp): number =>
    spreadOf(entries.find(([key]) => name.test(key))?.[1].received ?? []).median;
  const raw = medianOf(/^raw/);
  const tus = medianOf(/^@tus/);
  const show = ({ median, least, most }: Spread): string =>
    Number.isNaN(median) ? "–" : `${median.toFixed(0)} (${least.toFixed(0)} to ${most.toFixed(0)})`;
  const ratio = (value: number, to: number): string => (Number.isFinite(value / to) ? (value / to).toFixed(2) : "–");
  return table(
    ["", "MB/s received", "of raw", "of @tus/server", "MB/s stored", "CPU s/GB received", "stored"],
    entries.map(([name, { received, stored, cpu, cpuStored }]) => {
      const { median } = spreadOf(received);
      const last = [cpu, stored.length === 0 ? [] : cpuStored].map((values) => spreadOf(values).median.toFixed(2));
      return [
        name,
        show(spreadOf(received)),
        ratio(median, raw),
        ratio(median, tus),
        show(spreadOf(stored)),
        ...last.map((text) => text.replace("NaN", "–")),
      ];
    }),
  );
}

const fmt = (bytes: number): string =>
  bytes >= GIB ? `${+(bytes / GIB).toFixed(2)} GiB` : `${Math.round(bytes / MIB)} MiB`;
