import type { Evidence, NoteHit } from "@sworn/contract";
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { useMay } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";

/** Items that are asked of at once: a page of the list. */
const asked = 60;

/**
 * Where notes of these items hold the words that were searched for, by item. Asked page by page as the list grows and
 * kept: reading lines of notes is an event, and is not done anew every few seconds.
 */
export function useHits(q: string | undefined, items: readonly Evidence[]): ReadonlyMap<string, readonly NoteHit[]> {
  const reads = useMay()("marker.read");
  const pages = useMemo(() => {
    if (q === undefined || q.trim() === "" || !reads) return [];
    return Array.from({ length: Math.ceil(items.length / asked) }, (_, n) =>
      items.slice(n * asked, (n + 1) * asked).map(({ id }) => id),
    );
  }, [q, items, reads]);
  return useQueries({
    queries: pages.map((ids) => ({
      queryKey: ["library-hits", q, ids],
      queryFn: ({ signal }: { signal: AbortSignal }) => sworn.evidence.hits(q ?? "", ids, signal),
      staleTime: 5 * 60_000,
    })),
    combine,
  });
}

function combine(
  pages: readonly { readonly data: { readonly items: readonly NoteHit[] } | undefined }[],
): ReadonlyMap<string, readonly NoteHit[]> {
  return Map.groupBy(
    pages.flatMap(({ data }) => data?.items ?? []),
    ({ evidenceId }) => evidenceId,
  );
}
