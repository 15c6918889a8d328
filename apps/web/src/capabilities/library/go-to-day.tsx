import { IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { formatDay } from "../../ui/format/day.ts";
import { words } from "../../words/index.ts";

const say = words.library.goTo;

/**
 * Where the list begins: with the newest, or with a day that somebody went to. Nobody scrolls through millions: a list
 * holds what was scrolled to, and a day is reached by its date. G brings here.
 */
export function GoToDay(props: { day: string | undefined; onDay: (day: string | undefined) => void }): ReactElement {
  const { day, onDay } = props;
  const field = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(day ?? "");
  const [seen, setSeen] = useState(day);
  if (seen !== day) {
    setSeen(day);
    setDraft(day ?? "");
  }
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const typing =
        event.target instanceof HTMLElement &&
        event.target.closest("input:not([type=checkbox]), textarea, dialog") !== null;
      if (event.key.toLowerCase() !== "g" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <form
      className="go-to"
      onSubmit={(event) => {
        event.preventDefault();
        onDay(draft === "" ? undefined : draft);
      }}
    >
      <label className="go-to-field">
        <span className="small soft">{say.label}</span>
        <input
          ref={field}
          type="date"
          value={draft}
          min="1990-01-01"
          max="2100-12-31"
          aria-keyshortcuts="g"
          onChange={(event) => {
            const value = event.currentTarget.value;
            setDraft(value);
            // While a year is typed, it is the year 2, 20 and 202 in between.
            if (value >= "1990") onDay(value);
          }}
        />
      </label>
      {day === undefined ? null : (
        <button type="button" className="go-to-newest" onClick={() => onDay(undefined)}>
          {say.from(formatDay(day))} <b>{say.newest}</b> <IconX size={14} aria-hidden="true" />
        </button>
      )}
    </form>
  );
}
