import type { Attention, RetentionPeriod } from "@sworn/contract";

const count = (n: number): string => n.toLocaleString("en");
const items = (n: number): string => `${count(n)} ${n === 1 ? "item" : "items"}`;
const period = (keep: RetentionPeriod): string =>
  keep === "indefinite" ? "without end" : `${keep.count} ${keep.unit}${keep.count === 1 ? "" : "s"}`;
const attention: Readonly<Record<Attention, string>> = {
  uncategorised: "Uncategorised",
  held: "Held",
  restricted: "Restricted",
  "not-playable": "Not playable",
  incomplete: "Incomplete",
  live: "Recording now",
};

export const library = {
  title: "Library",
  totals: (n: number, length: string, size: string) => `${items(n)} · ${length} · ${size}`,
  totalsCapped: (n: number, length: string, size: string) =>
    `more than ${items(n)} · the newest ${count(n)}: ${length} · ${size}`,
  grid: "Pictures",
  list: "List",
  view: "View",
  clear: "Clear the filters",
  clearShort: "Clear",
  live: "Recording now",
  liveSince: (clock: string) => `since ${clock}`,
  parts: (n: number) => `${n} parts`,
  signed: "Signed by the camera",
  track: "GPS track",
  noPoster: "No picture yet",
  look: {
    logged: "logged as a look",
    none: "No pictures to look through",
  },
  columns: {
    title: "Title, category, keep until",
    person: "Person or camera",
    recorded: "Recorded",
    length: "Length",
    size: "Size",
    state: "State",
  },
  recordedUnknown: "time not known",
  receivedAt: (moment: string) => `received ${moment}`,
  items: "Items",
  loadingMore: "Loading more…",
  emptyTitle: "Nothing here yet",
  emptyBody:
    "Bring in the first video, or let a camera record. Every byte is kept unchanged, encrypted, and written into the custody log.",
  emptyUpload: "Upload a video",
  emptyCamera: "Or start the software camera on any machine, with the key that Admin, Enrol a camera, gives it:",
  emptyDock: "Or take in everything a camera left on its card, with that key:",
  nothingTitle: "Nothing matches",
  nothingBody: (set: readonly string[]) =>
    set.length === 1
      ? `No item that you may see has ${set.join("")}.`
      : `No item that you may see has all of this: ${set.join(" · ")}.`,
  without: (filter: string) => `Without “${filter}”`,
  wouldFind: (n: number, capped: boolean) => (capped ? `more than ${items(n)}` : items(n)),

  marks: {
    held: "Held",
    heldTitle: "Held: nothing of it is disposed of while the hold lasts",
    restricted: (name: string) => `Restricted: ${name}`,
    restrictedTitle: (name: string) => `Restricted to ${name}: only its members see this item`,
    uncategorised: "No category yet",
    keepUntil: (day: string, keep: string | null) => `keep until ${day}${keep === null ? "" : ` (${keep})`}`,
    keepForEver: "kept without end",
    heldAfter: "and for as long as it is held",
  },
  period,

  filters: {
    title: "Filters",
    shown: "Filters that are set",
    open: (set: number) => (set === 0 ? "Filters" : `Filters (${set})`),
    show: "Show the filters",
    hide: "Hide the filters",
    done: "Show the items",
    remove: (filter: string) => `Remove the filter ${filter}`,
    chip: (field: string, value: string) => `${field}: ${value}`,
    fields: {
      when: "When",
      is: "Needs attention",
      unit: "Unit",
      category: "Category",
      person: "Person",
      device: "Camera",
      kind: "Kind",
      state: "State",
      length: "Length",
      q: "Text",
      place: "Place",
    },
    attention,
    placeOnMap: "drawn on the map",
    when: { today: "today", "7d": "last 7 days", "30d": "last 30 days" },
    whenAny: "any time",
    between: (from: string | null, to: string | null) =>
      from !== null && to !== null ? `${from} – ${to}` : from !== null ? `from ${from}` : `up to ${to ?? ""}`,
    from: "From",
    to: "To",
    noSuchDay: "The first day lies after the last one: nothing can match.",
    minutes: (seconds: number) => `${Number((seconds / 60).toFixed(1))} min`,
    atLeast: "At least (min)",
    atMost: "At most (min)",
    length: (from: string | null, to: string | null) =>
      from !== null && to !== null ? `${from} – ${to}` : from !== null ? `at least ${from}` : `at most ${to ?? ""}`,
    count: (n: number, capped: boolean) => (capped ? `${count(n)}+` : count(n)),
    countSaid: (n: number, capped: boolean) => (capped ? `at least ${items(n)}` : items(n)),
    capped: (n: number) =>
      `Counted over the newest ${count(n)} items of this selection. A + says that there may be more; the list itself holds all of them.`,
    all: (n: number) => `Show all ${n}`,
    fewer: "Show fewer",
    most: "The 50 most frequent are listed. Search by text for others.",
    unknown: { unit: "a unit", category: "a category", person: "a person", device: "a camera" },
    failed: "The counts could not be read.",
  },

  select: {
    one: (title: string) => `Select ${title}`,
    bar: "Selection",
    selected: (n: number) => `${items(n)} selected`,
    length: (length: string) => `${length} in all`,
    categorise: "Categorise…",
    hold: "Hold…",
    clear: "Clear the selection",
    tooMany: (most: number) => `At most ${most} at a time: select fewer to change them.`,
  },

  categorise: {
    title: (n: number) => `Categorise ${items(n)}`,
    why: "Categories say what an item is and how long it is kept; the longest wins.",
    none: "There are no categories yet. Somebody who manages categories makes the first one.",
    find: "Find a category",
    has: (n: number, all: number) => (all === 1 || n === all ? "has it already" : `${n} of ${all} have it`),
    keep: (keep: RetentionPeriod) => `keep ${period(keep)}`,
    restricts: "restricts",
    archived: "no longer in use",
    add: "Add",
    remove: "Remove",
    choose: "Choose what to add or remove; what would happen is shown here before it does.",
    asking: "Working out what would happen…",
    changes: (changed: number, same: number, missing: number) =>
      [
        changed === 0 ? "Nothing changes" : `${items(changed)} ${changed === 1 ? "changes" : "change"}`,
        ...(same === 0 ? [] : [`${count(same)} ${same === 1 ? "has" : "have"} it like this already`]),
        ...(missing === 0 ? [] : [`${count(missing)} can’t be changed: disposed of, or no longer yours to see`]),
      ].join(" · "),
    keepMoves: (n: number, from: string, to: string) => `Keep until moves from ${from} to ${to} (${items(n)})`,
    keepStays: (n: number, day: string) => `Keep until stays ${day} (${items(n)})`,
    keepMore: (n: number) => `and ${count(n)} more such moves`,
    noDay: "no last day",
    becomesRestricted: (n: number, name: string | null) =>
      `${items(n)} ${n === 1 ? "becomes" : "become"} restricted${name === null ? "" : ` to ${name}`}: only members of that class will see ${n === 1 ? "it" : "them"} from then on. Undo takes the category back, but not the restriction.`,
    losesIt: "You are no member of it: for you they disappear, and you can’t undo this.",
    maybeLosesIt: "If you are no member of it, they disappear for you, and you can’t undo this.",
    apply: (n: number) => (n === 0 ? "Categorise" : `Change ${items(n)}`),
    done: (n: number) => `${items(n)} changed.`,
    doneRestricted: (n: number) =>
      `${items(n)} ${n === 1 ? "is" : "are"} now restricted and gone from sight for everybody who is no member.`,
    undone: (n: number) => `Undone: ${items(n)} ${n === 1 ? "has" : "have"} the categories of before.`,
    undoneInPart: (n: number) =>
      `${items(n)} could not be undone: ${n === 1 ? "it is" : "they are"} restricted to others now. A member of that class can.`,
    stillRestricted: (n: number) => `${items(n)} ${n === 1 ? "stays" : "stay"} restricted.`,
  },

  hold: {
    title: (n: number) => `Hold ${items(n)}`,
    why: "While a hold lasts nothing of the item is disposed of, whatever its categories say. Each item gets a hold of its own.",
    reason: "Reason",
    reasonHint: "Who asked, and for what: it stands in the history for good.",
    owner: "Owner",
    ownerHint: "Reviews the hold, and says when it ends.",
    me: (name: string) => `${name} (you)`,
    reviewOn: "Review on",
    apply: (n: number) => `Hold ${items(n)}`,
    done: (n: number, day: string) => `${items(n)} held, to be reviewed on ${day}.`,
    missing: (n: number) => `${items(n)} could not be held: disposed of, or no longer yours to see.`,
    undoReason: "placed by mistake",
    undone: (n: number) => `Undone: ${n === 1 ? "the hold" : `${count(n)} holds`} ended, “placed by mistake”.`,
  },

  undo: "Undo",
  undoing: "Undoing…",
  undoFailed: (why: string) => `Nothing was undone. ${why}`,
  dismiss: "Close this notice",
} as const;
