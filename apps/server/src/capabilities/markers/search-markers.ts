import type { NoteHit } from "@sworn/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import { isOutside, lockedOut, reachesAll, visibleEvidence } from "../access/index.ts";
import { actorOf, type AppendDeps, appendOncePerQuarterHour } from "../custody/index.ts";
import { snippetOf } from "./rules.ts";
import { placeOf } from "./store.ts";

/** What is looked for, as patterns of `ilike`, every one of which must match. */
export interface TextPatterns {
  readonly all: readonly string[];
  /** The one that an index can answer; null where every word is too short for that. */
  readonly indexed: string | null;
}

const texts = sql`(k.label || ' ' || k.note)`;
/** A still is found by its own name, which its marker repeats: it may be kept from whoever sees the original. */
const byHand = sql`k.derivative_id is null`;
/** Lines that are shown of one item. */
const LINES = 3;

export interface FoundInNotes {
  /** Items of which a note holds every word; null where these would not be all, and `itemByItem` says it of each. */
  readonly ids: readonly string[] | null;
  readonly itemByItem: RawBuilder<SqlBool>;
  /** What holds of an item that may be found by its notes; null where that is every one. */
  readonly open: RawBuilder<SqlBool> | null;
}

/**
 * What a search finds by notes and markers, as conditions over `sworn.evidence`. Null for who may not read notes: to
 * them no note is a reason that an item is found. What is locked from somebody before their statement is not found by
 * what others noted on it. `most`: the newest notes that are looked at where the whole agency is searched.
 */
export async function foundInNotes(
  tx: Tx,
  principal: Principal,
  { all, indexed }: TextPatterns,
  most: number,
): Promise<FoundInNotes | null> {
  if (!readsNotes(principal)) return null;
  const locked = await lockedOut(tx, principal);
  const open = locked === null ? null : sql<SqlBool>`not ${locked}`;
  const itemByItem = sql<SqlBool>`exists (select from sworn.marker k where k.evidence_id = sworn.evidence.id
    and k.removed_at is null and ${byHand} and ${texts} ilike all (${[...all]}::text[]))`;
  if (indexed === null) return { ids: null, itemByItem, open };
  const { rows } = await sql<{ id: string }>`
    select sworn.find_marked(${indexed}, ${[...all]}::text[], ${most}) as id`.execute(tx);
  // The newest of the whole agency: who sees a part of it might have none of these, and others.
  const ids = rows.length >= most && !reachesAll(principal) ? null : rows.map(({ id }) => id);
  return { ids, itemByItem, open };
}

const readsNotes = (principal: Principal): boolean => may(principal, "marker.read") && !isOutside(principal);

/**
 * Where the words stand in notes of these items: a line around them, and the moment. That somebody read lines of notes
 * is an event of each item. Of what they may not see, may not read or may not look at yet: nothing, as of what is not there.
 */
export async function showFoundNotes(
  tx: Tx,
  deps: { readonly custody: AppendDeps },
  principal: Principal,
  ids: readonly string[],
  words: readonly string[],
  { all }: TextPatterns,
): Promise<NoteHit[]> {
  if (!readsNotes(principal)) return [];
  const locked = await lockedOut(tx, principal);
  const seen = tx
    .selectFrom("sworn.evidence")
    .select("sworn.evidence.id")
    .where("sworn.evidence.id", "in", ids)
    .where(visibleEvidence(principal))
    .where((eb) => (locked === null ? eb.lit(true) : eb.not(locked)));
  const { rows } = await sql<Row>`
    select * from (
      select k.id, k.evidence_id, k.take, k.from_ms, k.to_ms, k.label, k.note,
             row_number() over (partition by k.evidence_id order by coalesce(k.take, -1), coalesce(k.from_ms, -1), k.id) as n,
             count(*) over (partition by k.evidence_id) as found
      from sworn.marker k
      where k.evidence_id in (${seen}) and k.removed_at is null and ${byHand} and ${texts} ilike all (${[...all]}::text[])) k
    where n <= ${LINES} order by evidence_id, n`.execute(tx);
  // In one order everywhere: two searches that log the same items wait for each other, and not both for ever.
  for (const id of new Set(rows.map((row) => row.evidence_id)))
    await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
      kind: "evidence.notes-read",
      subject: { kind: "evidence", id },
      ...actorOf(principal),
      details: { by: "search" },
    });
  return rows.map((row) => ({
    evidenceId: row.evidence_id,
    markerId: row.id,
    place: placeOf(row),
    ...snippetOf([row.label, row.note].filter((text) => text !== "").join(" · "), words),
    more: row.n === LINES ? row.found - LINES : 0,
  }));
}

interface Row {
  readonly id: string;
  readonly evidence_id: string;
  readonly take: number | null;
  readonly from_ms: number | null;
  readonly to_ms: number | null;
  readonly label: string;
  readonly note: string;
  readonly n: number;
  readonly found: number;
}
