import type { AuditFilter, AuditLine, AuditPage } from "@sworn/contract";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorNames } from "../identity/index.ts";
import { describeLines } from "./describe-lines.ts";
import { findEntries, readZone } from "./find-entries.ts";
import { inWords, type LookingDeps, noteExport, noteSearch } from "./note-looking.ts";
import { fromCursor, type Place, toCursor } from "./place.ts";
import { csvHeading, MOST_LINES, toCsv } from "./to-csv.ts";
import { toPdf } from "./to-pdf.ts";

export interface AuditDeps extends LookingDeps {
  readonly database: Database;
}

/** A page of the audit. That it was asked for is logged first, so that nobody can look and stay unseen. */
export async function searchAudit(
  deps: AuditDeps,
  principal: Principal,
  filter: AuditFilter,
  page: { readonly next?: string | undefined; readonly limit: number },
): Promise<AuditPage> {
  const after = page.next === undefined ? null : fromCursor(page.next);
  await deps.database.forAgency(principal.agencyId, (tx) => noteSearch(tx, deps, principal, filter));
  return await deps.database.forAgency(principal.agencyId, async (tx) => {
    const { lines, next } = await readLines(tx, principal, filter, { after, limit: page.limit });
    return { items: lines, next: next === null ? null : toCursor(next), checkpoint: await readCheckpoint(tx) };
  });
}

/** Everything of a filter as CSV, in pieces: however much it is, one page is in memory. */
export async function exportCsv(
  deps: AuditDeps,
  principal: Principal,
  filter: AuditFilter,
): Promise<AsyncIterable<Uint8Array>> {
  await deps.database.forAgency(principal.agencyId, (tx) => noteExport(tx, deps, principal, filter, "CSV"));
  return (async function* () {
    yield Buffer.from(csvHeading);
    let left = MOST_LINES;
    for await (const lines of readAll(deps, principal, filter)) {
      yield Buffer.from(toCsv(lines.slice(0, left)));
      left -= lines.length;
      if (left > 0) continue;
      yield Buffer.from(
        `"The file ends here, after ${MOST_LINES} entries; there may be more. Narrow the filters."\r\n`,
      );
      return;
    }
  })();
}

export async function exportPdf(deps: AuditDeps, principal: Principal, filter: AuditFilter): Promise<Uint8Array> {
  const facts = await deps.database.forAgency(principal.agencyId, async (tx) => {
    await noteExport(tx, deps, principal, filter, "PDF");
    const agency = await tx.selectFrom("sworn.agency").select("name").executeTakeFirst();
    return {
      agency: agency?.name ?? "",
      timeZone: await readZone(tx),
      by: (await actorNames(tx, [principal.actorId])).get(principal.actorId) ?? "a program",
      at: new Date(deps.clock.now()),
      asked: inWords(filter),
      checkpoint: await readCheckpoint(tx),
    };
  });
  return await toPdf(facts, readAll(deps, principal, filter));
}

const EXPORT_PAGE = 500;

/** A transaction for each page: an export of minutes must not hold one open. New entries are above the first page. */
async function* readAll(
  deps: AuditDeps,
  principal: Principal,
  filter: AuditFilter,
): AsyncIterable<readonly AuditLine[]> {
  for (let after: Place | null = null; ;) {
    const from: Place | null = after;
    const { lines, next }: LinesPage = await deps.database.forAgency(principal.agencyId, (tx) =>
      readLines(tx, principal, filter, { after: from, limit: EXPORT_PAGE }),
    );
    yield lines;
    if (next === null) return;
    after = next;
  }
}

interface LinesPage {
  readonly lines: AuditLine[];
  readonly next: Place | null;
}

async function readLines(
  tx: Tx,
  principal: Principal,
  filter: AuditFilter,
  { after, limit }: { readonly after: Place | null; readonly limit: number },
): Promise<LinesPage> {
  const found = await findEntries(tx, principal, filter, { after, limit: limit + 1 });
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return {
    lines: await describeLines(tx, entries),
    next: found.length > limit && last !== undefined ? { at: last.at, n: last.n, id: last.id } : null,
  };
}

async function readCheckpoint(tx: Tx): Promise<AuditPage["checkpoint"]> {
  const last = await tx
    .selectFrom("custody.checkpoint")
    .select(["size", "root", "at"])
    .orderBy("size", "desc")
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return null;
  return { size: last.size, root: Buffer.from(last.root).toString("base64"), at: last.at.toISOString() };
}
