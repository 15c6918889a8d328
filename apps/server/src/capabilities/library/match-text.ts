import { type EvidenceHits, Problem } from "@sworn/contract";
import { type Expression, type SqlBool, sql } from "kysely";
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
  return { all, indexed: all.find((pattern) => /[\p{L}\p{N}]{3}/u.test(pattern)) ?? null };
}

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
    const inTitle = sql<SqlBool>`(sworn.evidence.title || ' ' || coalesce(sworn.evidence.source_name, ''))
      ilike all (${[...all]}::text[])`;
    if (found === null) return inTitle;
    const inNotes =
      found.ids === null ? found.itemByItem : sql<SqlBool>`sworn.evidence.id = any(${[...found.ids]}::uuid[])`;
    return sql<SqlBool>`(${inTitle} or (${inNotes} and ${open}))`;
  }
  if (indexed === null)
    throw new Problem("request-malformed", "Search for a word with at least three letters or digits in a row.");
  const titled = sql`select sworn.find_text(${indexed}, ${[...all]}::text[], ${MOST_MATCHES})`;
  const noted = found?.ids ?? [];
  if (noted.length === 0) return sql<SqlBool>`sworn.evidence.id in (${titled})`;
  // One list of ids and not two conditions: with "or" between them, every item would be looked at.
  const either = sql<SqlBool>`sworn.evidence.id in (${titled} union all select unnest(${[...noted]}::uuid[]))`;
  return found?.open === null ? either : sql<SqlBool>`(${either} and (${open} or sworn.evidence.id in (${titled})))`;
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
