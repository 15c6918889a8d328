import { useState, type ReactElement } from "react";
import { words } from "../../words/index.ts";
import { spanOf, spans } from "./filter.ts";
import { Group } from "./facet-group.tsx";
import type { LibrarySearch, SearchChange } from "./search.ts";

const say = words.library.filters;

/** A span up to today, which moves with the days, or two days, which do not. */
export function WhenGroup(props: { search: LibrarySearch; onChange: (change: SearchChange) => void }): ReactElement {
  const { search, onChange } = props;
  const span = spanOf(search.when);
  const days = span === undefined && (search.from !== undefined || search.to !== undefined);
  const set = (change: SearchChange): void =>
    onChange({ when: undefined, ...(span === undefined ? {} : { from: undefined, to: undefined }), ...change });
  const backwards = days && search.from !== undefined && search.to !== undefined && search.from > search.to;
  return (
    <Group title={say.fields.when}>
      <div className="facet-spans">
        {[undefined, ...spans].map((one) => (
          <label key={one ?? "any"} className="facet-value">
            <input
              type="radio"
              checked={span === one && !days}
              onChange={() => onChange({ when: one, from: undefined, to: undefined })}
            />
            <span className="facet-name">{one === undefined ? say.whenAny : say.when[one]}</span>
          </label>
        ))}
      </div>
      <div className="facet-pair">
        <DayField name={say.from} value={days ? search.from : undefined} onDay={(from) => set({ from })} />
        <DayField name={say.to} value={days ? search.to : undefined} onDay={(to) => set({ to })} />
      </div>
      {backwards ? (
        <p className="small facet-problem" role="status">
          {say.noSuchDay}
        </p>
      ) : null}
    </Group>
  );
}

function DayField(props: {
  name: string;
  value: string | undefined;
  onDay: (day: string | undefined) => void;
}): ReactElement {
  const value = props.value?.slice(0, 10) ?? "";
  const [draft, setDraft] = useDraft(value);
  return (
    <label className="facet-field">
      <span className="small soft">{props.name}</span>
      <input
        type="date"
        value={draft}
        min="1990-01-01"
        max="2100-12-31"
        onChange={(event) => {
          const day = event.currentTarget.value;
          setDraft(day);
          // While a year is typed, it is the year 2, 20 and 202 in between.
          if (day === "" || day >= "1990") props.onDay(day === "" ? undefined : day);
        }}
      />
    </label>
  );
}

/** Minutes for people, seconds in the address; taken when the field is left or with Enter. */
export function LengthGroup(props: { search: LibrarySearch; onChange: (change: SearchChange) => void }): ReactElement {
  const { search, onChange } = props;
  return (
    <Group title={say.fields.length}>
      <div className="facet-pair">
        <MinutesField
          name={say.atLeast}
          seconds={search.minSeconds}
          onSeconds={(minSeconds) => onChange({ minSeconds })}
        />
        <MinutesField
          name={say.atMost}
          seconds={search.maxSeconds}
          onSeconds={(maxSeconds) => onChange({ maxSeconds })}
        />
      </div>
    </Group>
  );
}

function MinutesField(props: {
  name: string;
  seconds: string | undefined;
  onSeconds: (seconds: string | undefined) => void;
}): ReactElement {
  const now = Number(props.seconds);
  const value = props.seconds === undefined || !Number.isFinite(now) ? "" : String(Number((now / 60).toFixed(2)));
  const [draft, setDraft] = useDraft(value);
  const commit = (): void => {
    if (draft === value) return;
    const minutes = Number(draft.replace(",", "."));
    if (draft.trim() === "") props.onSeconds(undefined);
    else if (Number.isFinite(minutes) && minutes >= 0) props.onSeconds(String(Math.round(minutes * 60)));
    else setDraft(value);
  };
  return (
    <label className="facet-field">
      <span className="small soft">{props.name}</span>
      <input
        inputMode="decimal"
        autoComplete="off"
        maxLength={7}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
    </label>
  );
}

/** What is being typed, until the address says something else. */
function useDraft(value: string): [string, (draft: string) => void] {
  const [draft, setDraft] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setDraft(value);
  }
  return [draft, setDraft];
}
