import { Button } from "@mantine/core";
import type { CustodyHistory } from "@sworn/contract";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { custodyKey } from "./custody-query.ts";
import { Story } from "./story.tsx";
import { StoryFilter, useStoryFilter } from "./story-filter.tsx";
import type { Check } from "./use-check.ts";

const say = words.custody;
const pageSize = 50;

/** The entries of a history that are asked for, page by page: the server filters, each page comes with its proofs. */
export function StoryPages(props: { history: CustodyHistory; check: Check }): ReactElement {
  const { id } = props.history.subject;
  const { filter, set } = useStoryFilter();
  const filtered = Object.keys(filter).length > 0;
  const story = useInfiniteQuery({
    queryKey: [...custodyKey(id), "story", filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      sworn.evidence.custodyPage(
        id,
        { ...filter, limit: pageSize, ...(pageParam === null ? {} : { next: pageParam }) },
        signal,
      ),
    getNextPageParam: (page) => page.next ?? null,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const pages = story.data?.pages ?? [];
  const entries = pages.flatMap((page) => page.entries);
  const [first] = pages;
  return (
    <>
      <StoryFilter history={props.history} filter={filter} onChange={set} />
      <p className="story-count small quiet nums" role="status">
        {story.isError
          ? reasonOf(story.error)
          : first === undefined
            ? say.loading
            : filtered
              ? say.filter.found(entries.length, story.hasNextPage)
              : say.filter.shown(entries.length, props.history.entries.length)}
      </p>
      {first === undefined ? null : <Story history={{ ...first, entries }} check={props.check} />}
      {story.hasNextPage ? (
        <p className="story-more">
          <Button variant="default" loading={story.isFetchingNextPage} onClick={() => void story.fetchNextPage()}>
            {say.filter.more}
          </Button>
        </p>
      ) : null}
    </>
  );
}
