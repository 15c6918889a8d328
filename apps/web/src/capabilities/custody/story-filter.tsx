import { Button } from "@mantine/core";
import { type CustodyHistory, EventKind, type HistoryFilter } from "@sworn/contract";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { words } from "../../words/index.ts";
import { readStorySearch, type StorySearch } from "./search.ts";

const say = words.custody;

const fields: readonly string[] = ["what", "who", "day"];
const others = (now: object): object =>
  Object.fromEntries(Object.entries(now).filter(([name]) => !fields.includes(name)));

export function useStoryFilter(): { filter: HistoryFilter; set: (change: StorySearch | null) => void } {
  const { what, who, day } = readStorySearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const kind = EventKind.safeParse(what).data;
  return {
    filter: {
      ...(kind === undefined ? {} : { kind: [kind] }),
      ...(who === undefined ? {} : { actor: who }),
      ...(day === undefined ? {} : { day }),
    },
    set: (change) => {
      const wanted = readStorySearch(change === null ? {} : { what, who, day, ...change });
      void navigate({
        to: ".",
        search: (now: object) => ({ ...others(now), ...wanted }),
        replace: true,
        resetScroll: false,
      });
    },
  };
}

/** By kind, person and day: what the whole history holds, with how often. */
export function StoryFilter(props: {
  history: CustodyHistory;
  filter: HistoryFilter;
  onChange: (change: StorySearch | null) => void;
}): ReactElement {
  const { entries } = props.history;
  const { kind, actor, day } = props.filter;
  const kinds = Map.groupBy(
    entries.flatMap((entry) => (entry.kind === null ? [] : [entry.kind])),
    (one) => one,
  );
  const people = Map.groupBy(
    entries.flatMap((entry) => (entry.actor === null ? [] : [entry.actor])),
    ({ id }) => id,
  );
  const set = kind !== undefined || actor !== undefined || day !== undefined;
  // A key may stand for nothing: then it is not there, and not `undefined`.
  const change = (field: keyof StorySearch, value: string): void =>
    props.onChange({ [field]: value === "" ? undefined : value });
  return (
    <form className="story-filter" aria-label={say.filter.title} onSubmit={(event) => event.preventDefault()}>
      <Choice
        label={say.filter.kind}
        value={kind?.[0] ?? ""}
        all={say.filter.anyKind}
        choices={[...kinds].map(([one, all]) => ({ value: one, name: say.filter.counted(say.kinds[one], all.length) }))}
        onChange={(value) => change("what", value)}
      />
      <Choice
        label={say.filter.person}
        value={actor ?? ""}
        all={say.filter.anybody}
        choices={[...people].map(([id, all]) => ({
          value: id,
          name: say.filter.counted(all[0]?.name ?? "", all.length),
        }))}
        onChange={(value) => change("who", value)}
      />
      <label className="field">
        <span className="field-name">{say.filter.day}</span>
        <input
          type="date"
          className="field-select"
          value={day ?? ""}
          min="1990-01-01"
          max="2100-12-31"
          onChange={(event) => {
            const value = event.currentTarget.value;
            // While a year is typed, it is the year 2, 20 and 202 in between.
            if (value === "" || value >= "1990") change("day", value);
          }}
        />
      </label>
      {set ? (
        <Button variant="default" onClick={() => props.onChange(null)}>
          {say.filter.clear}
        </Button>
      ) : null}
    </form>
  );
}

function Choice(props: {
  label: string;
  value: string;
  all: string;
  choices: readonly { readonly value: string; readonly name: string }[];
  onChange: (value: string) => void;
}): ReactElement {
  const sorted = props.choices.toSorted((a, b) => a.name.localeCompare(b.name));
  const known = props.value === "" || sorted.some(({ value }) => value === props.value);
  return (
    <label className="field">
      <span className="field-name">{props.label}</span>
      <select
        className="field-select"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        <option value="">{props.all}</option>
        {known ? null : <option value={props.value}>{say.filter.notHere}</option>}
        {sorted.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
