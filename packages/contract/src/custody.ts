import { z } from "zod";
import { EventKind, SubjectKind } from "./event-kinds.ts";
import { Id, Instant, Sha256Hex } from "./evidence.ts";

/** An entry as the API shows it: the event's exact text, its salt, and where the log holds it. */
export const CustodyEntry = z.object({
  n: z.int().nonnegative(),
  /** Null where it is sealed, as is everything else that would say what happened. */
  kind: EventKind.nullable(),
  at: Instant.nullable(),
  /** It belongs to another side's reading: agency, prosecution and defence do not see what the others watch. */
  sealed: z.boolean(),
  /** JCS text whose HMAC under `salt` is the commitment; null where withheld or shredded. */
  event: z.string().nullable(),
  salt: z.string().nullable(),
  commitment: Sha256Hex,
  /** Readable sentence in English, made from the event; null where withheld. */
  sentence: z.string().nullable(),
  actor: z.object({ id: Id, name: z.string() }).nullable(),
  /** For whom it was done, under a delegation. */
  behalf: z.object({ id: Id, name: z.string() }).nullable().optional(),
  index: z.int().nullable(),
  /** Base64 sibling hashes up to `checkpoint.root`; null until the next checkpoint. */
  proof: z.array(z.string()).nullable(),
});
export type CustodyEntry = z.infer<typeof CustodyEntry>;

export const CustodyHistory = z.object({
  subject: z.object({ kind: SubjectKind, id: Id }),
  entries: z.array(CustodyEntry),
  /** The signed note all proofs lead to, whole. Null while the log is empty. */
  checkpoint: z.string().nullable(),
  /** Where the next page begins (`?next=`); null or left out where this one holds the end. */
  next: z.string().nullable().optional(),
});
export type CustodyHistory = z.infer<typeof CustodyHistory>;

/** Which entries of a history: of these kinds, by somebody, on a day of the agency. All that are asked for hold. */
export const HistoryFilter = z.object({
  kind: z
    .preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(EventKind).min(1).max(50))
    .optional(),
  /** Who did it; of the server itself, the id that its entries give. */
  actor: Id.optional(),
  day: z.iso.date().optional(),
});
export type HistoryFilter = z.infer<typeof HistoryFilter>;

export const ConsistencyProof = z.object({
  size1: z.int().positive(),
  size2: z.int().positive(),
  root1: z.string(),
  root2: z.string(),
  proof: z.array(z.string()),
});
export type ConsistencyProof = z.infer<typeof ConsistencyProof>;

/** The keys to trust, for `--trust`: vkey lines in C2SP signed-note form. */
export const LogPolicy = z.object({
  origin: z.string(),
  log: z.string(),
  witnesses: z.array(z.string()),
  quorum: z.int(),
});
export type LogPolicy = z.infer<typeof LogPolicy>;
