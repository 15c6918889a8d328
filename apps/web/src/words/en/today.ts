import type { TodayKind } from "@sworn/contract";

const kinds: Readonly<Record<TodayKind, (count: string, n: number) => string>> = {
  uncategorised: (count, n) => `${count} of yours without a category: say what ${n === 1 ? "it is" : "they are"}`,
  "hold-review": (count, n) => `${count} ${n === 1 ? "hold" : "holds"} of yours to review`,
  "upload-unfinished": (count, n) => `${count} ${n === 1 ? "upload" : "uploads"} of yours not finished`,
  incomplete: (count, n) => `${count} ${n === 1 ? "item" : "items"} of which not all arrived`,
  "not-playable": (count, n) => `${count} ${n === 1 ? "item" : "items"} that cannot be played here`,
  mention: (count, n) => `${count} ${n === 1 ? "note names" : "notes name"} you`,
  task: (count, n) => `${count} ${n === 1 ? "task" : "tasks"} of yours`,
  "share-ending": (count, n) => `${count} ${n === 1 ? "share ends" : "shares end"} within a week`,
  "job-failed": (count, n) => `${count} ${n === 1 ? "piece" : "pieces"} of work given up after several tries`,
  "recovery-sheet": () => "The recovery sheet is missing",
};

export const today = {
  title: "Today",
  lead: "What needs your attention. Everything else can wait.",
  kinds,
  /** What a row is called that has no title of its own. */
  titles: {
    uncategorised: "Untitled",
    "hold-review": "Untitled",
    "upload-unfinished": "Untitled file",
    incomplete: "Untitled",
    "not-playable": "Untitled",
    mention: "Untitled",
    task: "A task",
    "share-ending": "A share without a message",
    "job-failed": "Work on an item",
    "recovery-sheet": "Make it from the notice at the top of this page: it takes a printer and two minutes.",
  } satisfies Readonly<Record<TodayKind, string>>,
  namedBy: (name: string) => `by ${name}`,
  ends: (day: string) => `ends on ${day}`,
  taskDone: "Done",
  taskDoneOf: (task: string) => `Done: ${task}`,
  taskWasDone: "The task is done.",
  waiting: (n: number, capped: boolean) =>
    capped ? `more than ${n} wait for you` : `${n} ${n === 1 ? "waits" : "wait"} for you`,
  count: (n: number, capped: boolean) => (capped ? `More than ${n}` : String(n)),
  all: "See all",
  more: (n: number, capped: boolean) => (capped ? `and at least ${n} more` : `and ${n} more`),
  due: (day: string, late: boolean) => (late ? `was due on ${day}` : `due on ${day}`),
  since: (moment: string) => `since ${moment}`,
  putAside: "Put aside",
  putAsideOf: (title: string) => `Put aside: ${title}`,
  untilTomorrow: "Until tomorrow",
  forGood: "Do not remind me again",
  wasPutAside: (n: number, good: boolean) =>
    `${n === 1 ? "One thing was" : `${n} things were`} put aside ${good ? "for good" : "until tomorrow"}.`,
  aside: (n: number) => `${n} put aside.`,
  showAgain: "Show all of it again",
  nothingTitle: "Nothing waits for you",
  nothingBody: "New things appear here by themselves. The library holds everything that you may see.",
} as const;
