import { z } from "zod";
import { type EventKind, EventKind as Kind, eventKinds, SubjectKind } from "./event-kinds.ts";
import { Id, Instant, Sha256Hex } from "./evidence.ts";

/** What an entry of the log says that somebody did, for those who ask "who saw this?" and not for kinds. */
export const auditDeeds = ["saw", "exported", "changed", "took-in", "searched"] as const;
export const AuditDeed = z.enum(auditDeeds);
export type AuditDeed = z.infer<typeof AuditDeed>;

const takingIn =
  /^(upload|recording|take|fragment|derivative|track)\.|^evidence\.(stored|received-again|incomplete|probed)$/;

/** By the kind's last word, so that a new kind has its place; what nothing else fits was a change. */
export function deedOf(kind: EventKind): AuditDeed | null {
  if (kind.startsWith("log.")) return null;
  if (kind === "audit.searched") return "searched";
  if (/[.-](viewed|previewed|read|opened-by|watched|played|listened)$/.test(kind)) return "saw";
  if (/[.-](downloaded|exported|released|handed-over)$/.test(kind) && kind !== "hold.released") return "exported";
  return takingIn.test(kind) ? "took-in" : "changed";
}

export function kindsOf(deeds: readonly AuditDeed[]): EventKind[] {
  return eventKinds.filter((kind) => {
    const deed = deedOf(kind);
    return deed !== null && deeds.includes(deed);
  });
}

function list<T extends z.ZodType>(item: T, most = 20): z.ZodPreprocess<z.ZodArray<T>> {
  const split = (value: unknown): unknown =>
    typeof value === "string" ? value.split(",").filter((part) => part !== "") : value;
  return z.preprocess(split, z.array(item).min(1).max(most));
}
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .refine((text) => text >= "1900" && text < "2200", "A day or an instant between 1900 and 2199");

/** As it stands in an address: lists mean "any of these", different fields mean "and". A day is the agency's. */
export const AuditFilter = z.object({
  /** From here on, and before there; a day at the end counts in full. */
  from: moment.optional(),
  to: moment.optional(),
  /** Who did it: people, keys, cameras' keys. */
  actor: list(Id).optional(),
  /** What it was done to: items, people, whatever has a history. */
  subject: list(Id).optional(),
  /** Cameras: what happened to them, to what they recorded, and what they did themselves; the newest 5,000 items of them. */
  device: list(Id, 5).optional(),
  did: list(AuditDeed).optional(),
  kind: list(Kind).optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const AuditLine = z.object({
  id: Id,
  at: Instant,
  /** Sealed: whose reading it was is not this reader's to know. Nothing but the time and the commitment is said. */
  sealed: z.boolean(),
  kind: Kind.nullable(),
  did: AuditDeed.nullable(),
  /** In English, made from the entry; null where it is sealed or its text was destroyed. */
  sentence: z.string().nullable(),
  reason: z.string().nullable(),
  /** The entry's exact text (JCS), so that a line can be held against its commitment; null as the sentence is. */
  event: z.string().nullable(),
  actor: z.object({ id: Id, name: z.string() }).nullable(),
  subject: z
    .object({
      kind: SubjectKind,
      id: Id,
      /** An item's title as it was then; names of people and cameras are today's, since they live outside the log. */
      title: z.string().nullable(),
      /** Whether the log itself says so, or only today's row. */
      titleFrom: z.enum(["log", "today"]).nullable(),
    })
    .nullable(),
  commitment: Sha256Hex,
  /** Where the log holds it; null until the next checkpoint. */
  index: z.int().nullable(),
});
export type AuditLine = z.infer<typeof AuditLine>;

export const AuditPage = z.object({
  items: z.array(AuditLine),
  next: z.string().nullable(),
  /** What the log had when this was read: its last signed size and root (base64); null while it is empty. */
  checkpoint: z.object({ size: z.int(), root: z.string(), at: Instant }).nullable(),
});
export type AuditPage = z.infer<typeof AuditPage>;

/** Whom or what one can ask about, by name: for the filters of the screen. */
export const AuditNames = z.object({
  items: z.array(z.object({ kind: z.enum(["person", "device", "key", "evidence"]), id: Id, name: z.string() })),
});
export type AuditNames = z.infer<typeof AuditNames>;
