import { formatDay } from "../../ui/format/day.ts";
import { formatMetres } from "../../ui/format/metres.ts";
import type { Moments } from "../../ui/format/moment.ts";
import { formatNumber } from "../../ui/format/number.ts";
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
  const { q, from, to, minSeconds, maxSeconds, bbox, near, area, incident, share } = filterOf(search, "2000-01-01");
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
  if (near !== undefined) add("near", fields.place, circleOf(near), changed(search, { near: undefined }));
  if (area !== undefined) add("area", fields.place, say.placeOnMap, changed(search, { area: undefined }));
  if (incident !== undefined) add("incident", fields.incident, incident, changed(search, { incident: undefined }));
  return chips;
}

function circleOf(near: string): string {
  const [lon = 0, lat = 0, metres = 0] = near.split(",").map(Number);
  return words.library.map.circle(formatMetres(metres), formatNumber(lat, 4), formatNumber(lon, 4));
}
