import { expect, test } from "vitest";

import { exitCodeOf, type FindingCode } from "./finding.ts";
import { runCheck } from "./run-check.ts";
import { type Damaging, expectFound, useFilledDeployment } from "./damage.testing.ts";

const damage = useFilledDeployment({ files: true });

test("a sound deployment gives no finding, and neither does the same one after more work", () =>
  damage(async ({ d }) => {
    expect(await runCheck(d.check)).toEqual([]);
    await d.settle();
    const findings = await runCheck(d.check);
    expect(findings).toEqual([]);
    expect(exitCodeOf(findings)).toBe(0);
  }));

type Case = [
  what: string,
  edit: (on: Damaging) => Promise<void>,
  code: FindingCode,
  item: (on: Damaging) => string | RegExp,
  also?: FindingCode[],
];
const run = (cases: Case[]): void =>
  test.each(cases)("%s", (_, edit, code, item, also = []) =>
    damage(async (on) => {
      await edit(on);
      await expectFound(on.d, code, item(on), also);
    }),
  );

/** What other capabilities log of the uploaded file between its derivative and its first viewing. */
const BETWEEN = 7;
/** Event n of the uploaded file's history: created 0, stored 1, derivative 2, viewed 3, downloaded 4, custody-read 5 (pending). */
const place = (n: number): number => (n < 3 ? n : n + BETWEEN);
const at = (n: number) => (on: Damaging) => `${on.ids.upload.evidence}/${place(n)}`;
const entry = (n: number) => (on: Damaging) => `entry evidence/${at(n)(on)}`;
const event = (n: number) => (on: Damaging) => `event evidence/${at(n)(on)}`;
const where = (n: number) => `subject_id = $1 and n = ${place(n)}`;
/** Viewed and downloaded, exchanged. */
const exchanged = `e.n in (${place(3)}, ${place(4)}) and o.n = ${place(3) + place(4)} - e.n`;
const entryEdit = (set: string, n: number) => (on: Damaging) =>
  on.edit(`update custody.entry set ${set} where ${where(n)}`, [on.ids.upload.evidence]);
const bodyEdit = (set: string, n: number) => (on: Damaging) =>
  on.edit(`update custody.event_body set ${set} where entry_id = (select id from custody.entry where ${where(n)})`, [
    on.ids.upload.evidence,
  ]);

run([
  // custody.entry
  ["entry: kind flipped", entryEdit("kind = 'evidence.viewed'", 4), "entry-altered", entry(4)],
  ["entry: actor flipped", entryEdit("actor_id = gen_random_uuid()", 3), "entry-altered", entry(3)],
  ["entry: sealed from everybody", entryEdit("audience = 'defence'", 3), "entry-altered", entry(3)],
  ["entry: time flipped", entryEdit("at = at - interval '1 hour'", 3), "entry-altered", entry(3)],
  [
    "entry: agency flipped",
    (on) => entryEdit(`agency_id = '${on.ids.hill}'`, 3)(on),
    "entry-altered",
    entry(3),
    ["agency-mismatch"],
  ],
  ["entry: number flipped", entryEdit("n = 40", 4), "entry-missing", entry(4), ["entry-altered", "entry-missing"]],
  ["entry: previous flipped", entryEdit("prev = sha256('x')", 3), "chain-broken", entry(3), ["entry-altered"]],
  [
    "entry: commitment flipped",
    entryEdit("commitment = sha256('x')", 4),
    "event-altered",
    event(4),
    ["chain-broken", "entry-not-logged", "leaf-without-entry"],
  ],
  [
    "entry: moved to another subject",
    (on) => entryEdit(`subject_id = '${on.ids.recording}', n = 900`, 4)(on),
    "entry-missing",
    entry(4),
    ["entry-altered", "chain-broken"],
  ],
  [
    "entry: one in the middle deleted with its text",
    async (on) => {
      await on.edit(
        `delete from custody.event_body where entry_id = (select id from custody.entry where ${where(3)})`,
        [on.ids.upload.evidence],
      );
      await on.edit(`delete from custody.entry where ${where(3)}`, [on.ids.upload.evidence]);
    },
    "entry-missing",
    entry(3),
    ["leaf-without-entry"],
  ],
  [
    "entry: the last of a history deleted with its text, so that no number is missing",
    async (on) => {
      const person = "subject_kind = 'person' and subject_id = $1";
      const last = `${person} and n = (select max(n) from custody.entry where ${person})`;
      await on.edit(`delete from custody.event_body where entry_id = (select id from custody.entry where ${last})`, [
        on.ids.adair,
      ]);
      await on.edit(`delete from custody.entry where ${last}`, [on.ids.adair]);
    },
    "leaf-without-entry",
    () => /^leaf \d+$/,
    ["row-altered"],
  ],
  [
    "entry: two swapped",
    (on) =>
      on.edit(
        `update custody.entry e set kind = o.kind, actor_id = o.actor_id, at = o.at from custody.entry o
         where e.subject_id = $1 and o.subject_id = $1 and ${exchanged}`,
        [on.ids.upload.evidence],
      ),
    "entry-altered",
    entry(3),
  ],
  [
    "entry: duplicated under the next number",
    (on) =>
      on.edit(
        `insert into custody.entry select gen_random_uuid(), agency_id, subject_kind, subject_id, ${place(6)}, commitment, sha256('new'), kind, actor_id, at
         from custody.entry where ${where(5)}`,
        [on.ids.upload.evidence],
      ),
    "entry-not-logged",
    entry(6),
    ["event-missing"],
  ],
  // custody.event_body
  [
    "event: one word rewritten",
    bodyEdit(`event = replace(event, '"kind":"evidence.viewed"', '"kind":"evidence.probed"')`, 3),
    "event-altered",
    event(3),
  ],
  [
    "event: hash rewritten",
    bodyEdit(`event = regexp_replace(event, '"sha256":"[0-9a-f]{8}', '"sha256":"00000000')`, 1),
    "event-altered",
    event(1),
    ["row-altered"],
  ],
  [
    "event: same meaning, other spelling",
    bodyEdit(`event = replace(event, '"v":1', '"v": 1')`, 3),
    "event-malformed",
    event(3),
  ],
  ["event: a key twice", bodyEdit(`event = replace(event, '"v":1', '"v":1,"v":1')`, 3), "event-malformed", event(3)],
  ["event: not JSON", bodyEdit("event = 'gone'", 1), "event-malformed", event(1)],
  ["event: salt flipped", bodyEdit("salt = sha256(salt)", 3), "event-altered", event(3)],
  [
    "event: deleted",
    (on) =>
      on.edit(`delete from custody.event_body where entry_id = (select id from custody.entry where ${where(3)})`, [
        on.ids.upload.evidence,
      ]),
    "event-missing",
    event(3),
  ],
  ["event: two swapped", bodySwap, "event-altered", event(3)],
  [
    "event: filed under another agency",
    (on) => bodyEdit(`agency_id = '${on.ids.hill}'`, 3)(on),
    "entry-altered",
    entry(3),
    ["agency-mismatch"],
  ],
  [
    "event: of an entry that is not there",
    (on) =>
      on.edit("insert into custody.event_body values (gen_random_uuid(), $1, '{}', sha256('x'))", [on.ids.harbor]),
    "reference-broken",
    () => /^custody.event_body /,
  ],
  // custody.pending
  ["pending: deleted", (on) => on.edit("delete from custody.pending"), "entry-not-logged", entry(5)],
  [
    "pending: flipped",
    (on) => on.edit("update custody.pending set commitment = sha256('x')"),
    "entry-not-logged",
    entry(5),
    ["pending-without-entry"],
  ],
  [
    "pending: one that was logged again",
    (on) =>
      on.edit(`insert into custody.pending (commitment) select commitment from custody.entry where ${where(3)}`, [
        on.ids.upload.evidence,
      ]),
    "entry-logged-and-pending",
    entry(3),
  ],
  [
    "pending: one that nobody appended",
    (on) => on.edit("insert into custody.pending (commitment) values (sha256('x'))"),
    "pending-without-entry",
    () => /^pending \d+$/,
  ],
  // custody.leaf
  [
    "leaf: commitment flipped",
    (on) => on.edit("update custody.leaf set commitment = sha256('x') where index = 3"),
    "leaf-altered",
    () => "leaf 3",
    ["entry-not-logged", "leaf-without-entry", "public-copy-altered"],
  ],
  [
    "leaf: hash flipped",
    (on) => on.edit("update custody.leaf set leaf_hash = sha256('x') where index = 3"),
    "leaf-altered",
    () => "leaf 3",
  ],
  [
    "leaf: one in the middle deleted",
    (on) => on.edit("delete from custody.leaf where index = 3"),
    "leaf-missing",
    () => "leaf 3",
    ["entry-not-logged", "public-copy-altered"],
  ],
  [
    "leaf: the last deleted",
    (on) => on.edit("delete from custody.leaf where index = (select max(index) from custody.leaf)"),
    "leaf-missing",
    (on) => `leaf ${last(on) - 1}`,
    ["entry-not-logged", "leaf-unsigned", "node-unexpected", "public-copy-ahead"],
  ],
  [
    "leaf: two swapped",
    async (on) => {
      for (const [from, to] of [
        [3, -1],
        [7, 3],
        [-1, 7],
      ])
        await on.edit(
          `alter table custody.leaf drop constraint if exists leaf_index_check; update custody.leaf set index = ${to} where index = ${from}`,
        );
      await on.edit("alter table custody.leaf add constraint leaf_index_check check (index >= 0)");
    },
    "node-altered",
    () => "node 0/3",
    ["checkpoint-root-mismatch", "log-forked", "log-order", "public-copy-altered"],
  ],
  [
    "leaf: one more than was signed",
    (on) => on.edit("insert into custody.leaf select max(index) + 1, sha256('x'), sha256('y') from custody.leaf"),
    "leaf-altered",
    (on) => `leaf ${last(on)}`,
    ["leaf-without-entry", "leaf-unsigned", "node-missing", "public-copy-behind"],
  ],
  // custody.node
  ...[0, 1, 2, 3].map((level): Case => [
    `node: flipped at level ${level}`,
    (on) => on.edit(`update custody.node set hash = sha256('x') where level = ${level} and index = 1`),
    "node-altered",
    () => `node ${level}/1`,
    level === 0 ? ["public-copy-altered"] : [],
  ]),
  [
    "node: deleted",
    (on) => on.edit("delete from custody.node where level = 2 and index = 1"),
    "node-missing",
    () => "node 2/1",
  ],
  [
    "node: a lowest one deleted",
    (on) => on.edit("delete from custody.node where level = 0 and index = 5"),
    "node-missing",
    () => "node 0/5",
  ],
  [
    "node: two swapped",
    (on) =>
      on.edit(
        "update custody.node n set hash = o.hash from custody.node o where n.level = 1 and o.level = 1 and n.index in (0, 1) and o.index = 1 - n.index",
      ),
    "node-altered",
    () => "node 1/0",
  ],
  [
    "node: one beyond the log",
    (on) => on.edit("insert into custody.node values (7, 0, sha256('x'))"),
    "node-unexpected",
    () => "node 7/0",
  ],
  // custody.checkpoint
  [
    "checkpoint: root flipped",
    (on) => on.edit("update custody.checkpoint set root = sha256('x') where previous = 0"),
    "checkpoint-altered",
    (on) => `checkpoint ${first(on)}`,
  ],
  [
    "checkpoint: note flipped",
    (on) => on.edit("update custody.checkpoint set note = replace(note, 'harbor', 'hill') where previous = 0"),
    "checkpoint-unsigned",
    (on) => `checkpoint ${first(on)}`,
  ],
  [
    "checkpoint: signature flipped",
    (on) =>
      on.edit("update custody.checkpoint set note = regexp_replace(note, '.....\\n$', E'AAAA=\\n') where previous = 0"),
    "checkpoint-unsigned",
    (on) => `checkpoint ${first(on)}`,
  ],
  [
    "checkpoint: note of another",
    (on) =>
      on.edit(
        "update custody.checkpoint set note = (select note from custody.checkpoint order by size desc limit 1) where previous = 0",
      ),
    "checkpoint-altered",
    (on) => `checkpoint ${first(on)}`,
    ["checkpoint-root-mismatch"],
  ],
  [
    "checkpoint: one in the middle deleted",
    (on) => on.edit("delete from custody.checkpoint where previous = (select min(size) from custody.checkpoint)"),
    "checkpoint-missing",
    () => /^checkpoint \d+$/,
  ],
  [
    "checkpoint: the last deleted",
    (on) => on.edit("delete from custody.checkpoint where size = (select max(size) from custody.checkpoint)"),
    "leaf-unsigned",
    () => /^leaf \d+$/,
  ],
  [
    "checkpoint: one for entries that are not there",
    (on) =>
      on.edit(
        "insert into custody.checkpoint select 9999, max(size), sha256('x'), 'note', now() from custody.checkpoint",
      ),
    "leaf-missing",
    () => "leaf 9998",
  ],
  // sworn.deployment
  [
    "deployment: another key",
    (on) => on.edit("update sworn.deployment set log_vkey = 'another'"),
    "log-key-mismatch",
    () => "deployment log.harbor.example/sworn",
  ],
  [
    "deployment: deleted",
    (on) => on.edit("delete from sworn.deployment"),
    "log-key-mismatch",
    () => "deployment log.harbor.example/sworn",
  ],
  // the schema
  [
    "schema: a trigger switched off",
    (on) =>
      on.edit("select 1").then(async () => void (await on.ask("alter table custody.leaf disable trigger append_only"))),
    "schema-drift",
    () => /^schema .*append_only/,
  ],
]);

async function bodySwap(on: Damaging): Promise<void> {
  await on.edit(
    `with two as (select b.entry_id, b.event, b.salt from custody.event_body b join custody.entry e on e.id = b.entry_id
       where e.subject_id = $1 and e.n in (${place(3)}, ${place(4)}))
     update custody.event_body b set event = o.event, salt = o.salt from two o where b.entry_id in (select entry_id from two) and o.entry_id <> b.entry_id`,
    [on.ids.upload.evidence],
  );
}

function last({ ids }: Damaging): number {
  return ids.sizes.at(-1) ?? 0;
}
function first({ ids }: Damaging): number {
  return ids.sizes[0] ?? 0;
}
