import { sql } from "kysely";

import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import type { Report } from "./finding.ts";
import type { OnProgress } from "./progress.ts";

const DAY = 24 * 60 * 60 * 1000;
const PAGE = 1000;

/**
 * Objects that no row names. A crash between an object and its row leaves one; the sweeper removes it after a day.
 * The store is listed first and the rows are asked afterwards: a row that came meanwhile is then seen.
 */
export async function checkOrphans(deps: {
  database: Database;
  blobStore: BlobStore;
  now: number;
  report: Report;
  onProgress: OnProgress;
}): Promise<void> {
  let page: { key: string; size: number; modifiedAt: number }[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    const unknown = new Set(page.map(({ key }) => key));
    const { rows } = await deps.database.asChecker((tx) =>
      sql<{
        key: string;
      }>`select object_key as key from sworn.span where object_key = any(${[...unknown]}::text[])`.execute(tx),
    );
    for (const { key } of rows) unknown.delete(key);
    for (const { key, size, modifiedAt } of page.filter((object) => unknown.has(object.key))) {
      const young = deps.now - modifiedAt < DAY;
      deps.report(
        young ? "object-unknown-young" : "object-unknown",
        "object",
        key,
        young
          ? `Object ${key} (${size} bytes) belongs to no item yet; a crash leaves such objects, and the server removes them after a day.`
          : `Object ${key} (${size} bytes) has belonged to no item for more than a day.`,
      );
    }
    done += page.length;
    deps.onProgress({ step: "orphans", done, total: null });
    page = [];
  };
  for await (const object of deps.blobStore.list()) {
    page.push(object);
    if (page.length === PAGE) await flush();
  }
  if (page.length > 0) await flush();
}
