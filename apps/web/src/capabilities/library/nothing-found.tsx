import { Button } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { IconSearchOff, IconX } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { sworn } from "../../app/server.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { words } from "../../words/index.ts";
import type { Chip } from "./chips.ts";
import { filterOf } from "./filter.ts";
import type { LibrarySearch } from "./search.ts";

const say = words.library;
/** Asking further would be many questions for a list that nobody reads to its end. */
const mostAsked = 6;

/** Which filters are set, and what is found without each of them. */
export function NothingFound(props: {
  chips: readonly Chip[];
  today: string;
  onGo: (search: LibrarySearch) => void;
  onClear: () => void;
}): ReactElement {
  const chips = props.chips.slice(0, mostAsked);
  const found = useQueries({
    queries: chips.map(({ without }) => {
      const filter = filterOf(without, props.today);
      return {
        queryKey: ["library", "totals", filter],
        queryFn: ({ signal }: { signal: AbortSignal }) => sworn.evidence.totals(filter, signal),
      };
    }),
  });
  return (
    <CalmNote
      icon={IconSearchOff}
      title={say.nothingTitle}
      actions={
        <Button size="compact-md" variant="default" onClick={props.onClear}>
          {say.clear}
        </Button>
      }
    >
      {say.nothingBody(props.chips.map(({ label }) => label))}
      {chips.length < 2 ? null : (
        <ul className="nothing-ways">
          {chips.map((chip, n) => {
            const totals = found[n]?.data;
            return (
              <li key={chip.key}>
                <button type="button" className="link-button" onClick={() => props.onGo(chip.without)}>
                  <IconX size={14} aria-hidden="true" /> {say.without(chip.label)}
                </button>
                <span className="small quiet nums">
                  {totals === undefined ? "" : say.wouldFind(totals.items, totals.capped)}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </CalmNote>
  );
}
