import type { CustodyEvent } from "@sworn/core";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { factsOf } from "../calls/index.ts";
import { hashOf } from "../incidents/index.ts";
import { readEvents } from "./check-rows.ts";
import { compareLines, line, said } from "./compare-lines.ts";
import type { Report } from "./finding.ts";

const BATCH = 500;

/** What the log says of one call. */
interface Said {
  facts: string;
  version: number;
  incident: string | null;
  /** By version, by item, by badge. */
  readonly versions: Map<string, string>;
  readonly items: Map<string, string>;
  readonly settled: Map<string, string>;
}

/** Calls with every state they had and what people said of their footage, replayed from the log; and imports. */
export async function checkCalls(tx: Tx, report: Report): Promise<void> {
  let batch = new Map<string, Said>();
  for await (const events of readEvents(tx, [
    "call.received",
    "call.changed",
    "call.evidence-accepted",
    "call.evidence-refused",
    "call.evidence-undecided",
    "call.settled",
    "call.unsettled",
    "call.linked",
  ]))
    for (const event of events) {
      // What is said on the item, too, is replayed from the call's side.
      if (event.subject.kind !== "call") continue;
      if (!batch.has(event.subject.id) && batch.size >= BATCH) {
        await compare(tx, batch, report);
        batch = new Map();
      }
      apply(batch, event);
    }
  await compare(tx, batch, report);
  const { rows } = await sql<{ id: string }>`
    select c.id from sworn.call c where not exists
      (select from custody.entry e where e.kind = 'call.received' and e.subject_kind = 'call' and e.subject_id = c.id)
    order by 1 limit 1000`.execute(tx);
  for (const { id } of rows)
    report("row-unlogged", "sworn.call", id, `sworn.call ${id} exists, but the log does not tell of its beginning.`);
  await checkImports(tx, report);
}

const badgesOf = (event: CustodyEvent): string[] => {
  const named = event.details?.["badges"];
  return Array.isArray(named) ? named.flatMap((badge) => (typeof badge === "string" ? [badge] : [])) : [];
};

function apply(batch: Map<string, Said>, event: CustodyEvent): void {
  const call: Said = batch.get(event.subject.id) ?? {
    facts: "",
    version: 0,
    incident: null,
    versions: new Map(),
    items: new Map(),
    settled: new Map(),
  };
  batch.set(event.subject.id, call);
  const item = said(event, "evidence") ?? "";
  switch (event.kind) {
    case "call.received":
    case "call.changed": {
      const version = event.details?.["version"];
      call.facts = event.hashes["facts"] ?? "";
      call.version = typeof version === "number" ? version : 0;
      call.versions.set(String(call.version), call.facts);
      for (const badge of call.settled.keys()) if (!badgesOf(event).includes(badge)) call.settled.delete(badge);
      break;
    }
    case "call.evidence-undecided":
      call.items.delete(item);
      break;
    case "call.settled":
      for (const badge of badgesOf(event)) call.settled.set(badge, line(event.actor.id, event.reason));
      break;
    case "call.unsettled":
      for (const badge of badgesOf(event)) call.settled.delete(badge);
      break;
    case "call.linked":
      call.incident = said(event, "incident");
      break;
    default:
      call.items.set(item, line(event.kind === "call.evidence-accepted" ? "accepted" : "refused", event.actor.id));
  }
}

async function compare(tx: Tx, batch: ReadonlyMap<string, Said>, report: Report): Promise<void> {
  const ids = [...batch.keys()];
  if (ids.length === 0) return;
  const calls = await tx.selectFrom("sworn.call").selectAll().where("id", "in", ids).execute();
  const responses = await tx.selectFrom("sworn.call_response").selectAll().where("call_id", "in", ids).execute();
  const answered = Map.groupBy(responses, (row) => row.call_id);
  const found = calls.map((row): [string, string] => {
    const own = (answered.get(row.id) ?? []).map(({ badge, person_id: person, unit_id: unit }) => ({
      badge,
      person,
      unit,
    }));
    return [row.id, line(hashOf(factsOf(row, own)), String(row.version), row.incident_id)];
  });
  const logged = [...batch].map(([id, of]): [string, string] => [id, line(of.facts, String(of.version), of.incident)]);
  compareLines("sworn.call", new Map(logged), new Map(found), report);
  const parts = (of: (call: Said) => ReadonlyMap<string, string>): Map<string, string> =>
    new Map([...batch].flatMap(([id, call]) => [...of(call)].map(([key, text]) => [`${id} ${key}`, text])));
  const versions = await tx.selectFrom("sworn.call_version").selectAll().where("call_id", "in", ids).execute();
  const versionLines = versions.map((row): [string, string] => [`${row.call_id} ${row.version}`, hashOf(row.facts)]);
  compareLines(
    "sworn.call_version",
    parts((call) => call.versions),
    new Map(versionLines),
    report,
  );
  const items = await tx.selectFrom("sworn.call_evidence").selectAll().where("call_id", "in", ids).execute();
  const itemLines = items.map((row): [string, string] => [
    `${row.call_id} ${row.evidence_id}`,
    line(row.state, row.decided_by),
  ]);
  compareLines(
    "sworn.call_evidence",
    parts((call) => call.items),
    new Map(itemLines),
    report,
  );
  const settled = responses.flatMap((row): [string, string][] =>
    row.settled_by === null ? [] : [[`${row.call_id} ${row.badge}`, line(row.settled_by, row.reason)]],
  );
  compareLines(
    "sworn.call_response",
    parts((call) => call.settled),
    new Map(settled),
    report,
  );
}

async function checkImports(tx: Tx, report: Report): Promise<void> {
  const logged = new Map<string, string>();
  for await (const events of readEvents(tx, ["import.done"]))
    for (const event of events) {
      const count = (name: string): string => {
        const value = event.details?.[name];
        return typeof value === "number" ? String(value) : "";
      };
      const counts = ["added", "changed", "unchanged", "refused"].map(count);
      logged.set(said(event, "import") ?? "", line(said(event, "of"), event.hashes["file"] ?? null, ...counts));
    }
  const rows = await tx.selectFrom("sworn.import").selectAll().execute();
  const found = rows.map((row): [string, string] => {
    const counts = [row.added, row.changed, row.unchanged, row.refused].map(String);
    return [row.id, line(row.kind, Buffer.from(row.sha256).toString("hex"), ...counts)];
  });
  compareLines("sworn.import", logged, new Map(found), report);
}
