import { setTimeout as sleep } from "node:timers/promises";
import { judge } from "./judge.ts";
import { recordThreeHours, uploadSparseFile } from "./large.ts";
import { startProxy } from "./proxy.ts";
import type { Random } from "./random.ts";
import { type Prepared, type Rig, type RigOptions, setUpRig } from "./rig.ts";
import { mountSmallDisk } from "./small-disk.ts";
import type { KillKind } from "./server-process.ts";
import { storm } from "./storm.ts";
import { type CallFault, faultCalls, injectInto, straceIsThere } from "./system-calls.ts";

export interface Row {
  readonly struck: number;
  readonly acknowledged: number;
  readonly judged: number;
  readonly findings: readonly string[];
  readonly what: string;
}
export interface Budget {
  readonly kills: number;
  readonly endsAt: number;
}
type Campaign = (prepared: Prepared, random: Random, budget: Budget) => Promise<Row>;

const NOT_HERE = { struck: 0, acknowledged: 0, judged: 0, findings: [] };
/** A fresh data home after so many kills: what a judge has to read stays small, and a finding stays near its cause. */
const KILLS_PER_HOME = 100;

const killing =
  (kinds: readonly KillKind[], share: number): Campaign =>
  async (prepared, random, budget) => {
    const total = Math.max(1, Math.round(budget.kills * share));
    const sum = { struck: 0, acknowledged: 0, judged: 0, findings: [] as string[] };
    for (let left = total; left > 0 && Date.now() < budget.endsAt; left -= KILLS_PER_HOME) {
      const seed = random.between(0, 2 ** 31);
      await onRig(prepared, {}, sum, async (rig) => {
        const kills = Math.min(left, KILLS_PER_HOME);
        const report = await storm(rig, { seed, kills, kinds, endsAt: budget.endsAt, mayEnd: true });
        sum.struck += Object.values(report.kills).reduce((a, b) => a + b, 0);
        return report.violations;
      });
    }
    return { ...sum, what: `kill -9 of ${kinds.join(", ")}` };
  };

/** Every call, every fault, at growing depth, while uploads and recordings run. */
const systemCalls: Campaign = async (prepared, random, budget) => {
  if (!straceIsThere()) return { ...NOT_HERE, what: "strace is not there" };
  const sum = { struck: 0, acknowledged: 0, judged: 0, findings: [] as string[] };
  const faults = [1, 3].flatMap((when) =>
    faultCalls.flatMap((call) =>
      (["EIO", "ENOSPC", "KILL"] as const).map((fault): CallFault => ({ call, fault, when })),
    ),
  );
  // One thread for the disk, so that `when` counts all of its calls.
  await onRig(prepared, { env: { UV_THREADPOOL_SIZE: "1" } }, sum, async (rig) => {
    const violations: string[] = [];
    for (const fault of faults) {
      if (Date.now() > budget.endsAt) break;
      const pid = rig.server.pid;
      if (pid === null || !rig.server.running) await rig.server.start();
      const strace = await injectInto(rig.server.pid ?? 0, fault);
      const report = await storm(rig, {
        seed: random.between(0, 2 ** 31),
        kills: 0,
        kinds: [],
        minMs: 700,
        mayEnd: true,
      });
      sum.struck += await strace.detach();
      if (!rig.server.running) await rig.server.start();
      violations.push(...report.violations.map((line) => `${fault.call} ${fault.fault} ${fault.when}: ${line}`));
    }
    return violations;
  });
  return { ...sum, what: `${faultCalls.join(", ")} × EIO, ENOSPC, KILL` };
};

/** The disk fills under load and is emptied again. PostgreSQL lies on it too, and may end when nothing is left. */
const diskFull: Campaign = async (prepared, random, budget) => {
  const disk = mountSmallDisk(3 * 2 ** 30);
  if (disk === null) return { ...NOT_HERE, what: "a small disk cannot be mounted (needs root)" };
  const sum = { struck: 0, acknowledged: 0, judged: 0, findings: [] as string[] };
  try {
    await onRig(prepared, { home: `${disk.path}/home` }, sum, async (rig) => {
      const violations: string[] = [];
      for (const leave of [1 << 30, 8 << 20, 1 << 20]) {
        if (Date.now() > budget.endsAt) break;
        const running = storm(rig, {
          seed: random.between(0, 2 ** 31),
          kills: 0,
          kinds: [],
          minMs: 6_000,
          mayEnd: true,
        });
        await sleep(1_000);
        disk.fill(leave);
        await sleep(3_000);
        disk.empty();
        const report = await running;
        if (!rig.server.running) await rig.server.start();
        sum.struck += 1;
        violations.push(...report.violations.map((line) => `${leave} bytes left: ${line}`));
      }
      return violations;
    });
  } finally {
    disk.unmount();
  }
  return { ...sum, what: "filled to 1 GiB, 8 MiB and 1 MiB free under load, then emptied" };
};

/** Everything through a line that resets, falls silent and drips. */
const network: Campaign = async (prepared, random, budget) => {
  const sum = { struck: 0, acknowledged: 0, judged: 0, findings: [] as string[] };
  let what = "";
  await onRig(prepared, {}, sum, async (rig) => {
    const proxy = await startProxy(Number(new URL(rig.server.url).port), random);
    try {
      const minMs = Math.min(60_000, budget.endsAt - Date.now());
      const report = await storm(rig, { seed: random.between(0, 2 ** 31), kills: 0, kinds: [], minMs, url: proxy.url });
      const { reset, vanish, slow } = proxy.counts;
      sum.struck += reset + vanish + slow;
      what = `${reset} connections reset, ${vanish} gone silent, ${slow} slow`;
      return report.violations;
    } finally {
      await proxy.close();
    }
  });
  return { ...sum, what };
};

export const campaigns: Readonly<Record<string, Campaign>> = {
  "kills of the server": killing(["everything", "server"], 0.7),
  "kills of PostgreSQL": killing(["postmaster", "backend"], 0.3),
  "system calls": systemCalls,
  "disk full": diskFull,
  network,
  // These two take as long as they take: cut short they would show nothing.
  "12 GB sparse file": (prepared, random) => uploadSparseFile(prepared, random),
  "three-hour recording": (prepared, random) => recordThreeHours(prepared, random),
};

async function onRig(
  prepared: Prepared,
  options: RigOptions,
  sum: { acknowledged: number; judged: number; findings: string[] },
  work: (rig: Rig) => Promise<readonly string[]>,
): Promise<void> {
  const rig = await setUpRig(prepared, options);
  try {
    sum.findings.push(...(await work(rig)));
    const verdict = await judge(rig, { patienceMs: 120_000 });
    sum.findings.push(...verdict.findings);
    sum.acknowledged += rig.ledger.count;
    sum.judged += verdict.uploads + verdict.recordings;
  } finally {
    await rig.end();
  }
}
