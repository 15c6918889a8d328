import { formatDay } from "../../ui/format/day.ts";
import type { Moments } from "../../ui/format/moment.ts";
import { words } from "../../words/index.ts";
import { filterOf, knownValues, spanOf } from "./filter.ts";
import { changed, toggled, type LibrarySearch } from "./search.ts";

const say = words.library.filters;
const lists = ["is", "unit", "category", "person", "device", "kind", "state"] as const;

/** One condition that is set, in words, and the view without it. */
export interface Chip {
  readonly key: string;
  readonly label: string;
  readonly without: LibrarySearch;
}

export function chipsOf(
  search: LibrarySearch,
  nameOf: (field: (typeof lists)[number], value: string) => string,
  moments: Moments,
): Chip[] {
  const { fields } = say;
  const chips: Chip[] = [];
  const add = (key: string, field: string, value: string, without: LibrarySearch): void => {
    chips.push({ key, label: say.chip(field, value), without });
  };
  const { q, from, to, minSeconds, maxSeconds, bbox, share } = filterOf(search, "2000-01-01");
  if (q !== undefined) add("q", fields.q, q, changed(search, { q: undefined }));
  const span = spanOf(search.when);
  const day = (text: string): string => (text.includes("T") ? moments.full(text) : formatDay(text));
  const noTime = changed(search, { when: undefined, from: undefined, to: undefined });
  if (span !== undefined) add("when", fields.when, say.when[span], noTime);
  else if (from !== undefined || to !== undefined)
    add(
      "when",
      fields.when,
      say.between(from === undefined ? null : day(from), to === undefined ? null : day(to)),
      noTime,
    );
  for (const field of lists)
    for (const value of knownValues(field, search[field]))
      add(`${field} ${value}`, fields[field], nameOf(field, value), {
        ...changed(search, { [field]: toggled(search[field], value) }),
      });
  if (minSeconds !== undefined || maxSeconds !== undefined) {
    const [least, most] = [minSeconds, maxSeconds].map((seconds) =>
      seconds === undefined ? null : say.minutes(seconds),
    );
    add(
      "length",
      fields.length,
      say.length(least ?? null, most ?? null),
      changed(search, { minSeconds: undefined, maxSeconds: undefined }),
    );
  }
  if (share !== undefined)
    add("share", words.sharing.chip, words.sharing.chipOne, changed(search, { share: undefined }));
  if (bbox !== undefined) add("bbox", fields.place, say.placeOnMap, changed(search, { bbox: undefined }));
  return chips;
}
