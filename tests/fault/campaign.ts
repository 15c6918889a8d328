import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { campaigns, type Row } from "./harness/campaigns.ts";
import { createRandom } from "./harness/random.ts";
import { prepare } from "./harness/rig.ts";

// `npm run faults [-- --kills N --minutes M --seed S --only PATTERN]`: the full fault campaign. One line per kind of fault:
// how often it struck, what had been acknowledged meanwhile, and what the oracle found afterwards (nothing, or it fails).

const { values } = parseArgs({
  options: {
    /** Of the kill storms together. */
    kills: { type: "string", default: "1000" },
    /** Each kind of fault ends after this, whatever it has left to do. */
    minutes: { type: "string", default: "15" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log("npm run faults [-- --kills N --minutes M --seed S --only PATTERN]");
  process.exit(0);
}
const seed = Number(values.seed);
console.log(`Seed ${seed}. Every kind of fault runs at most ${values.minutes} minutes.\n`);
const chosen = Object.entries(campaigns).filter(([name]) => new RegExp(values.only).test(name));
const rows: { name: string; row: Row }[] = [];
const prepared = await prepare(3);
try {
  for (const [name, run] of chosen) {
    const budget = { kills: Number(values.kills), endsAt: Date.now() + Number(values.minutes) * 60_000 };
    const row = await run(prepared, createRandom(seed).fork(name), budget);
    rows.push({ name, row });
    process.stderr.write(`  ${name}: ${row.what}; ${row.findings.length} findings\n`);
  }
} finally {
  await prepared.end();
}

const cells = [
  ["fault", "struck", "acknowledged", "judged", "findings", "what"],
  ...rows.map(({ name, row }) =>
    [name, row.struck, row.acknowledged, row.judged, row.findings.length, row.what].map(String),
  ),
];
const widths = cells[0]?.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0))) ?? [];
console.log(
  cells
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n"),
);
const findings = rows.flatMap(({ name, row }) => row.findings.map((finding) => `${name}: ${finding}`));
if (findings.length > 0) console.log(`\n${findings.join("\n")}`);
const skipped = rows.filter(({ row }) => row.struck === 0).length;
console.log(
  `\n${findings.length === 0 ? "Nothing was lost" : `${findings.length} findings`}; ${skipped} kinds could not be tried here.`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
