import type { CustodyEvent, JsonValue } from "@sworn/core";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { categoriesOf, inWords, listCategories, toPeriod } from "../retention/index.ts";
import { readEvents } from "./check-rows.ts";
import { compareLines, line, type Lines, said } from "./compare-lines.ts";
import type { Report } from "./finding.ts";

const BATCH = 500;

/**
 * Units, categories, restricted classes and what items have of them, replayed from the log and held against the rows.
 * `keep_until` is not compared: it is what a rule said when it was last asked, and nobody disposes of anything by it.
 */
export async function checkClassification(tx: Tx, report: Report): Promise<void> {
  await checkOrganisation(tx, report);
  await checkItems(tx, report);
}

async function checkOrganisation(tx: Tx, report: Report): Promise<void> {
  const expected: Record<
    "sworn.unit" | "sworn.category" | "sworn.restricted_class" | "sworn.restricted_member",
    Lines
  > = {
    "sworn.unit": new Map(),
    "sworn.category": new Map(),
    "sworn.restricted_class": new Map(),
    "sworn.restricted_member": new Map(),
  };
  const uncategorised = new Map<string, string>();
  for await (const events of readEvents(tx, [
    "unit.created",
    "unit.changed",
    "category.created",
    "category.changed",
    "class.created",
    "class.changed",
  ]))
    for (const event of events) {
      const archived = said(event, "archived") ?? "no";
      const unit = said(event, "unit");
      const category = said(event, "category");
      const restricted = said(event, "class");
      if (unit !== null) expected["sworn.unit"].set(unit, line(said(event, "name"), said(event, "parent"), archived));
      else if (category !== null)
        expected["sworn.category"].set(
          category,
          line(said(event, "name"), said(event, "keep"), said(event, "restrictedClass"), archived),
        );
      else if (restricted !== null) {
        const [added, removed] = [said(event, "added"), said(event, "removed")];
        if (added !== null) expected["sworn.restricted_member"].set(`${restricted} ${added}`, "");
        else if (removed !== null) expected["sworn.restricted_member"].delete(`${restricted} ${removed}`);
        else expected["sworn.restricted_class"].set(restricted, line(said(event, "name")));
      } else if (event.kind === "category.changed") uncategorised.set(event.subject.id, said(event, "keep") ?? "");
    }
  const yes = (at: Date | string | null): string => (at === null ? "no" : "yes");
  const units = await tx.selectFrom("sworn.unit").selectAll().execute();
  const found: typeof expected = {
    "sworn.unit": new Map(units.map((row) => [row.id, line(row.name, row.parent_id, yes(row.archived_at))])),
    "sworn.category": new Map(
      (await listCategories(tx)).map(({ id, name, keep, restrictedClassId, archivedAt }) => [
        id,
        line(name, inWords(keep), restrictedClassId, yes(archivedAt)),
      ]),
    ),
    "sworn.restricted_class": new Map(
      (await tx.selectFrom("sworn.restricted_class").select(["id", "name"]).execute()).map(({ id, name }) => [
        id,
        line(name),
      ]),
    ),
    "sworn.restricted_member": new Map(
      (await tx.selectFrom("sworn.restricted_member").select(["class_id", "person_id"]).execute()).map((row) => [
        `${row.class_id} ${row.person_id}`,
        "",
      ]),
    ),
  };
  for (const table of Object.keys(expected) as (keyof typeof expected)[])
    compareLines(table, expected[table], found[table], report);
  for (const row of await tx
    .selectFrom("sworn.agency")
    .select(["id", "uncategorised_count", "uncategorised_unit"])
    .execute()) {
    const keep = inWords(toPeriod(row.uncategorised_count, row.uncategorised_unit));
    const logged = uncategorised.get(row.id) ?? "indefinite";
    if (keep !== logged)
      report(
        "row-altered",
        "sworn.agency",
        row.id,
        `Agency ${row.id} keeps uncategorised items ${keep}; the log says ${logged}.`,
      );
  }
}

interface Item {
  categories: string[];
  restricted: string | null;
  holds: Map<string, { placed: string; ended: string | null }>;
}

/** Events come item by item, so that only a batch of items is in memory, however many there are. */
async function checkItems(tx: Tx, report: Report): Promise<void> {
  let batch = new Map<string, Item>();
  for await (const events of readEvents(tx, [
    "evidence.categorised",
    "evidence.restricted",
    "hold.placed",
    "hold.released",
  ]))
    for (const event of events) {
      if (!batch.has(event.subject.id) && batch.size >= BATCH) {
        await compareItems(tx, batch, report);
        batch = new Map();
      }
      apply(batch, event);
    }
  await compareItems(tx, batch, report);
  await findUnlogged(tx, report);
}

function apply(items: Map<string, Item>, event: CustodyEvent): void {
  const item = items.get(event.subject.id) ?? { categories: [], restricted: null, holds: new Map() };
  items.set(event.subject.id, item);
  const hold = said(event, "hold") ?? "";
  if (event.kind === "evidence.categorised") item.categories = idsOf(event.details?.["categories"]);
  else if (event.kind === "evidence.restricted") item.restricted = said(event, "class");
  else if (event.kind === "hold.placed")
    item.holds.set(hold, { placed: line(event.reason, said(event, "owner"), said(event, "reviewOn")), ended: null });
  else item.holds.set(hold, { placed: item.holds.get(hold)?.placed ?? "", ended: event.reason ?? "" });
}

const holdLine = ({ placed, ended }: { placed: string; ended: string | null }): string =>
  ended === null ? placed : `${placed}; ended: ${ended}`;

function idsOf(value: JsonValue | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) =>
    typeof each === "object" && each !== null && "id" in each && typeof each["id"] === "string" ? [each["id"]] : [],
  );
}

async function compareItems(tx: Tx, items: ReadonlyMap<string, Item>, report: Report): Promise<void> {
  const ids = [...items.keys()];
  if (ids.length === 0) return;
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "categories", "restricted_class_id", "holds"])
    .where("id", "in", ids)
    .execute();
  const categories = await categoriesOf(tx, ids);
  const holds = await tx.selectFrom("sworn.hold").selectAll().where("evidence_id", "in", ids).execute();
  const holdsOf = Map.groupBy(holds, (hold) => hold.evidence_id);
  for (const row of rows) {
    const item = items.get(row.id);
    if (item === undefined) continue;
    const has = (categories.get(row.id) ?? []).toSorted().join(", ");
    const logged = item.categories.toSorted().join(", ");
    if (has !== logged || row.categories !== item.categories.length)
      report(
        "row-altered",
        "sworn.evidence_category",
        row.id,
        `Item ${row.id} has the categories "${has}" (${row.categories}); the log says "${logged}".`,
      );
    if (row.restricted_class_id !== item.restricted)
      report(
        "row-altered",
        "sworn.evidence",
        row.id,
        `Item ${row.id} is restricted to ${row.restricted_class_id ?? "nobody"}; the log says ${item.restricted ?? "nobody"}.`,
      );
    const found: Lines = new Map(
      (holdsOf.get(row.id) ?? []).map((hold) => [
        hold.id,
        holdLine({ placed: line(hold.reason, hold.owner_id, hold.review_on), ended: hold.release_reason }),
      ]),
    );
    const holdsLogged = new Map([...item.holds].map(([id, hold]) => [id, holdLine(hold)]));
    compareLines("sworn.hold", holdsLogged, found, report);
    const lasting = [...item.holds.values()].filter(({ ended }) => ended === null).length;
    if (row.holds !== lasting)
      report(
        "row-altered",
        "sworn.evidence",
        row.id,
        `Item ${row.id} counts ${row.holds} holds; the log has ${lasting}.`,
      );
  }
}

/** Items that have what no event gave them. */
async function findUnlogged(tx: Tx, report: Report): Promise<void> {
  const found = async (table: string, kind: string, where: string): Promise<void> => {
    const { rows } = await sql<{ id: string }>`
      select distinct r.id from ${sql.raw(table)} where ${sql.raw(where)} and not exists
        (select from custody.entry e where e.kind = ${kind} and e.subject_id = r.id) order by 1 limit 1000`.execute(tx);
    for (const { id } of rows)
      report("row-unlogged", "sworn.evidence", id, `Item ${id} has what the log never gave it: there is no ${kind}.`);
  };
  await found("sworn.evidence r", "evidence.categorised", "r.categories > 0");
  await found("(select evidence_id as id from sworn.evidence_category) r", "evidence.categorised", "true");
  await found("sworn.evidence r", "evidence.restricted", "r.restricted_class_id is not null");
  await found("sworn.evidence r", "hold.placed", "r.holds > 0");
  await found("(select evidence_id as id from sworn.hold) r", "hold.placed", "true");
}
