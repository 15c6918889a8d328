import { type EvidenceHits, Problem } from "@sworn/contract";
import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { reachesAll } from "../access/index.ts";
import type { AppendDeps } from "../custody/index.ts";
import { foundInNotes, showFoundNotes, type TextPatterns } from "../markers/index.ts";
import { MOST_MATCHES } from "./place.ts";

/** Words of a search, the longest first: it finds least. */
function wordsOf(q: string): string[] {
  return q
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, 12)
    .toSorted((a, b) => b.length - a.length);
}

/** Wildcards of the sender's are letters here. An index of trigrams needs three letters or digits in a row. */
function patternsOf(words: readonly string[]): TextPatterns {
  const all = words.map((word) => `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`);
  return { all, indexed: all.find(isIndexed) ?? null };
}

const isIndexed = (pattern: string): boolean => /[\p{L}\p{N}]{3}/u.test(pattern);

/**
 * Every word must occur in title and file name together, or every one in the same note. Who sees the whole agency is
 * answered from the indexes. Who sees a part of it is read through that part: an index would answer with the newest of
 * the whole agency, and theirs might not be among them.
 */
export async function matchText(tx: Tx, principal: Principal, q: string): Promise<Expression<SqlBool>> {
  const patterns = patternsOf(wordsOf(q));
  const { all, indexed } = patterns;
  const found = await foundInNotes(tx, principal, patterns, MOST_MATCHES);
  const open = found?.open ?? sql<SqlBool>`true`;
  if (!reachesAll(principal)) {
    const inTitle = holds(all);
    if (found === null) return inTitle;
    const inNotes =
      found.ids === null ? found.itemByItem : sql<SqlBool>`sworn.evidence.id = any(${[...found.ids]}::uuid[])`;
    return sql<SqlBool>`(${inTitle} or (${inNotes} and ${open}))`;
  }
  if (indexed === null)
    throw new Problem("request-malformed", "Search for a word with at least three letters or digits in a row.");
  const { common, rarest } = await sampleTitles(tx, all);
  const noted = found?.ids ?? [];
  if (common) {
    const inTitle = holds(all);
    if (noted.length === 0) return inTitle;
    return sql<SqlBool>`(${inTitle} or (sworn.evidence.id = any(${[...noted]}::uuid[]) and ${open}))`;
  }
  const titled = sql`select sworn.find_text(${rarest ?? indexed}, ${[...all]}::text[], ${MOST_MATCHES})`;
  if (noted.length === 0) return sql<SqlBool>`sworn.evidence.id in (${titled})`;
  // One list of ids and not two conditions: with "or" between them, every item would be looked at.
  const either = sql<SqlBool>`sworn.evidence.id in (${titled} union all select unnest(${[...noted]}::uuid[]))`;
  return found?.open === null ? either : sql<SqlBool>`(${either} and (${open} or sworn.evidence.id in (${titled})))`;
}

function holds(patterns: readonly string[]): RawBuilder<SqlBool> {
  return sql`(sworn.evidence.title || ' ' || coalesce(sworn.evidence.source_name, '')) ilike all (${[...patterns]}::text[])`;
}

/** A text that so many of the newest items hold is found by looking through them in order, not by the index. */
const SAMPLE = { of: 2_000, common: 100 };

/**
 * Which word the newest items hold least often, of those that an index knows; and whether all of the words are so
 * common that the index would name a good part of the library, only to put it in order for one page.
 */
async function sampleTitles(
  tx: Tx,
  patterns: readonly string[],
): Promise<{ readonly common: boolean; readonly rarest: string | undefined }> {
  const indexed = patterns.filter(isIndexed);
  const { rows } = await sql<{ all: number; each: number[] }>`
    select count(*) filter (where text ilike all (${[...patterns]}::text[])) as all,
           array[${sql.join(indexed.map((word) => sql`count(*) filter (where text ilike ${word})`))}]::int[] as each
    from (select e.title || ' ' || coalesce(e.source_name, '') as text from sworn.evidence e
          order by e.happened_at desc, e.id desc limit ${SAMPLE.of}) newest`.execute(tx);
  const { all = 0, each = [] } = rows[0] ?? {};
  return { common: all >= SAMPLE.common, rarest: indexed[each.indexOf(Math.min(...each))] };
}

/** Where notes of these items hold the words of a search. Reading them is logged. */
export async function findHits(
  tx: Tx,
  deps: { readonly custody: AppendDeps },
  principal: Principal,
  { q, ids }: { readonly q: string; readonly ids: readonly string[] },
): Promise<EvidenceHits> {
  const words = wordsOf(q);
  if (words.length === 0) return { items: [] };
  return { items: await showFoundNotes(tx, deps, principal, ids, words, patternsOf(words)) };
}
