import type { Evidence } from "@sworn/contract";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { sworn } from "../../app/server.ts";
import type { LibraryFilter } from "./filter.ts";

const pageSize = 60;

export interface Library {
  readonly items: readonly Evidence[];
  readonly live: readonly Evidence[];
  readonly totals: { items: number; durationMs: number; size: number; capped: boolean } | undefined;
  readonly state: "loading" | "failed" | "ready";
  /** What is shown still belongs to the filter before. */
  readonly stale: boolean;
  readonly error: unknown;
  readonly more: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** Pages of the list from a day on or from the newest, totals for the same filter, and what records now on top of it. */
export function useLibrary(filter: LibraryFilter, at: string | undefined): Library {
  const list = useInfiniteQuery({
    queryKey: ["library", filter, at ?? ""],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      sworn.evidence.list(
        { ...filter, at, limit: pageSize, ...(pageParam === null ? {} : { next: pageParam }) },
        signal,
      ),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // Asking again asks for every page that is open: far down, seldom.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 3 ? 60_000 : 5000),
  });
  const totals = useQuery({
    queryKey: ["library", "totals", filter],
    queryFn: ({ signal }) => sworn.evidence.totals(filter, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
  const onTop = filter.state === undefined && at === undefined;
  const live = useQuery({
    queryKey: ["library", "live", filter],
    enabled: onTop,
    queryFn: ({ signal }) => sworn.evidence.list({ ...filter, state: "live", limit: 24 }, signal),
    refetchInterval: 5000,
  });
  const pages = list.data?.pages;
  const items = useMemo(
    () => (pages ?? []).flatMap((page) => page.items).filter((item) => !onTop || item.state !== "live"),
    [pages, onTop],
  );
  return {
    items,
    live: onTop ? (live.data?.items ?? []) : [],
    totals: totals.data,
    state:
      pages !== undefined && !(list.isError && list.isPlaceholderData) ? "ready" : list.isError ? "failed" : "loading",
    stale: list.isPlaceholderData,
    error: list.error,
    more: list.hasNextPage,
    loadMore: () => {
      if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
    },
    retry: () => void list.refetch(),
  };
}
