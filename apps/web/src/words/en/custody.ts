import type { EventKind } from "@sworn/contract";
import type { EventFacts } from "../event-facts.ts";

/** What an entry is, from its checked kind alone; the sentence beside it is the server's. */
const kinds: Readonly<Record<EventKind, string>> = {
  "log.started": "Log started",
  "log.heartbeat": "Sign of life",
  "agency.created": "Agency set up",
  "person.created": "Person added",
  "person.role-changed": "Roles changed",
  "person.unit-changed": "Unit changed",
  "person.disabled": "Person disabled",
  "person.enabled": "Person enabled again",
  "person.password-reset": "New password set",
  "key.created": "Key made",
  "key.revoked": "Key revoked",
  "device.enrolled": "Camera enrolled",
  "device.revoked": "Camera revoked",
  "recovery.sheet-made": "Recovery sheet made",
  "unit.created": "Unit added",
  "unit.changed": "Unit changed",
  "category.created": "Category added",
  "category.changed": "Category changed",
  "class.created": "Restricted class added",
  "class.changed": "Restricted class changed",
  "upload.created": "Upload begun",
  "upload.incomplete": "Upload ended unfinished",
  "upload.cancelled": "Upload cancelled",
  "recording.opened": "Recording begun",
  "take.opened": "Part begun",
  "take.root": "Part stored so far",
  "take.interrupted": "Part interrupted",
  "recording.closed": "Recording ended",
  "fragment.conflict": "Other bytes refused",
  "evidence.stored": "Stored",
  "evidence.received-again": "Received again",
  "evidence.incomplete": "Kept as incomplete",
  "evidence.probed": "Facts read",
  "evidence.previewed": "Storyboard seen",
  "evidence.viewed": "Viewed",
  "evidence.downloaded": "Downloaded",
  "evidence.custody-read": "History read",
  "evidence.categorised": "Categorised",
  "evidence.restricted": "Restriction changed",
  "hold.placed": "Hold placed",
  "hold.released": "Hold released",
  "marker.added": "Marker added",
  "marker.changed": "Marker changed",
  "marker.removed": "Marker removed",
  "incident.created": "Incident opened",
  "incident.changed": "Incident changed",
  "incident.evidence-added": "Added to an incident",
  "incident.evidence-removed": "Taken out of an incident",
  "incident.noted": "Note on an incident",
  "incident.task": "Task of an incident",
  "incident.viewed": "Incident read",
  "case.created": "Case opened",
  "case.changed": "Case changed",
  "case.evidence-added": "Added to a case",
  "case.evidence-removed": "Taken out of a case",
  "case.incident-added": "Incident added to a case",
  "case.incident-removed": "Incident taken out of a case",
  "case.noted": "Note on a case",
  "case.task": "Task of a case",
  "case.viewed": "Case read",
  "derivative.stored": "Still picture made",
  "derivative.made": "Derivative made",
  "evidence.time-corrected": "Time corrected",
  "track.stored": "GPS track stored",
  "audit.searched": "Audit searched",
  "audit.exported": "Audit exported",
};

const entries = (count: number): string => (count === 1 ? "1 entry" : `${count} entries`);

export const custody = {
  title: "Custody",
  loading: "Reading the history…",
  failed: "The history could not be read.",
  empty: "No entry yet. The first one is written when the item is stored.",
  sentence: (count: number, from: string, to: string) =>
    from === to ? `${entries(count)}, ${from}.` : `${entries(count)}, from ${from} to ${to}.`,
  logged: "Logged. Not checked in this browser yet.",
  checking: "Checking in this browser…",
  checked: (at: string, file: boolean) =>
    file
      ? `Checked in this browser at ${at}: the entries hold, and so does the file.`
      : `Checked in this browser at ${at}: the entries hold. The file itself was not read.`,
  checkFailed: "Not everything holds. The line below names the entry.",
  checkBroken: (reason: string) => `The check could not run: ${reason}`,
  checkIt: "Check it",
  checkAgain: "Check again",
  story: "Story",
  hideStory: "Hide the story",
  newer: (count: number) =>
    `${entries(count)} came after this check and ${count === 1 ? "is" : "are"} not covered by it.`,
  withheld: "This entry is withheld. Its place in the log is proven all the same.",
  kinds,
  /** In place of the server's own sentence, which is in English; null leaves that one. */
  sentenceOf: (_kind: EventKind, _name: string | null, _event: EventFacts): string | null => null,
  status: {
    waiting: "waits for the next checkpoint",
    logged: "logged",
    checked: "checked here",
    fails: "does not hold",
  },
  at: (index: number) => `log entry ${index.toLocaleString("en")}`,
  entry: (n: number) => `Entry ${n}`,
  details: "Exact text and proof",
  commitment: "Commitment",
  salt: "Salt",
  clocks: { server: "server clock", ntp: "NTP", gnss: "GNSS", device: "device clock", declared: "declared" },
  lines: {
    checkpoint: "The log's statement is signed",
    entries: "Every entry reads as it was logged",
    inclusion: "Every entry stands in the log",
    history: "No entry is missing",
    file: "The file is the one that was logged",
  },
  lineStates: { idle: "not checked", running: "checking", holds: "holds", waiting: "waits", fails: "does not hold" },
  key: "Key as told by this server. Compare it with the fingerprint you were given:",
  keyName: "Fingerprint",
  notChecked:
    "Not checked here: the names and sentences beside the entries (they are this server's words), what happened before the bytes were received, and whether independent co-signers saw this log.",
  check: {
    progress: (done: number, all: number) => `${done} of ${all}`,
    noCheckpoint: "the log has no checkpoint yet; try again in a few seconds",
    checkpointHolds: (size: number, key: string) => `${size.toLocaleString("en")} entries in all, signed by ${key}`,
    entriesHold: (opened: number, withheld: number) =>
      withheld === 0
        ? `${entries(opened)} recomputed from text and salt`
        : `${entries(opened)} recomputed, ${withheld} withheld`,
    inclusionHolds: (count: number, size: number, waiting: number) =>
      `${count} of ${size.toLocaleString("en")} proven up to the signed root${waiting === 0 ? "" : `; ${waiting} newest wait for the next checkpoint`}`,
    historyHolds: (count: number, opened: number) =>
      opened === count
        ? `numbers 1 to ${count} without a hole, each naming the one before`
        : `numbers 1 to ${count} without a hole; ${count - opened} could not be opened to see which one they name`,
    noRoot: "without a signed root nothing can be proven",
    entryFails: (n: number, why: string) => `entry ${n}: ${why}`,
    kindDiffers: (logged: string, shown: string) => `the log says ${logged}, the server shows ${shown}`,
    actorDiffers: "the log names another actor than the server shows",
    timeDiffers: "the log says another time than the server shows",
  },
  file: {
    start: "Check the file",
    startHint: (size: string) => `Reads all ${size} here and compares`,
    running: (done: string, size: string, rate: string, left: string) => `${done} of ${size} · ${rate} · ${left} left`,
    part: (n: number) => `part ${n}`,
    matches: (hash: string, entry: number) =>
      `SHA-256 ${hash.slice(0, 8)}…${hash.slice(-8)} is the one in entry ${entry}.`,
    differs: (hash: string, part: number | null) =>
      `${part === null ? "The file" : `Part ${part}`} has SHA-256 ${hash.slice(0, 16)}…, which no entry names. Do not rely on it; keep it and tell the custodian.`,
    unread: (reason: string) => `The file could not be read to its end: ${reason} Nothing is said about it. Try again.`,
    label: "Reading the file",
  },
} as const;
