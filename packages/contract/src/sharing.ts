import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

/** PostgreSQL takes every character but this one. */
const noNul = /^[^\0]*$/u;

/** Outside the agency: they see what was shared with them and nothing else, and hold no other role beside it. */
export const OutsideRole = z.enum(["prosecutor", "defence"]);
export type OutsideRole = z.infer<typeof OutsideRole>;

const Asked = z.object({
  /** Left out, with a case: all that it gathers now. */
  evidenceIds: z.array(Id).max(500).default([]),
  /** Shares what a case gathers at this moment, or these of it; what is added to it later is shared by another act. */
  caseId: Id.optional(),
  personIds: z.array(Id).min(1).max(50),
  /** Without it the items are played and looked at, and the address that hands out the file to keep refuses. */
  mayDownload: z.boolean(),
  /** At most five years from now. */
  expiresAt: z.iso.datetime({ offset: true }),
  /** Why: for the agency, and for the log. */
  reason: z.string().trim().min(1).max(1000).regex(noNul),
  /** What is said to those who get it. */
  message: z.string().trim().max(2000).regex(noNul).default(""),
  /** Restricted items are left out unless this is said; their members see them, and nobody gives them away unasked. */
  includeRestricted: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});
/** Shares items with people of the prosecution or the defence. `dryRun` says what would happen and changes nothing. */
export const MakeShare = Asked.refine(
  ({ evidenceIds, caseId }) => evidenceIds.length > 0 || caseId !== undefined,
  "name items or a case",
);
export type MakeShare = z.input<typeof MakeShare>;

const Named = z.object({ id: Id, title: z.string() });
export const MadeShare = z.object({
  /** Null after a dry run, and where nothing was left to share. */
  shareId: Id.nullable(),
  people: z.array(z.object({ id: Id, name: z.string(), role: OutsideRole })),
  shared: z.array(Named),
  /** Left out: restricted, and not asked for, or (`allowed` false) not yours to give. */
  restricted: z.array(Named.extend({ allowed: z.boolean() })),
  /** Left out: still coming in. */
  unfinished: z.array(Named),
  /** Not there, or not yours. */
  missing: z.array(Id),
});
export type MadeShare = z.infer<typeof MadeShare>;

export const ShareState = z.enum(["active", "expired", "revoked"]);
export type ShareState = z.infer<typeof ShareState>;

/** A share as the agency sees it. */
export const Share = z.object({
  id: Id,
  state: ShareState,
  people: z.array(z.object({ id: Id, name: z.string(), role: OutsideRole.nullable() })),
  /** How many of its items you may see; null where you read no evidence. */
  items: z.int().nullable(),
  mayDownload: z.boolean(),
  /** The case it was made from, where you see that; null: none, or not yours to see. */
  case: z.object({ id: Id, number: z.string() }).nullable(),
  reason: z.string(),
  message: z.string(),
  madeBy: z.string().nullable(),
  madeAt: Instant,
  expiresAt: Instant,
  revokedBy: z.string().nullable(),
  revokedAt: Instant.nullable(),
  revokeReason: z.string().nullable(),
});
export type Share = z.infer<typeof Share>;
export const ShareList = z.object({ items: z.array(Share), next: z.string().nullable() });
export type ShareList = z.infer<typeof ShareList>;
export const ShareQuery = z.object({
  /** Only shares of this item. */
  evidence: Id.optional(),
  /** Only shares with this person. */
  person: Id.optional(),
  state: z.enum(["active", "ended"]).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  next: z.string().max(200).optional(),
});
export const RevokeShare = z.object({ reason: z.string().trim().min(1).max(1000).regex(noNul) });

/** Who outside has what of a case, and what of it no share that lasts holds. */
export const CaseShares = z.object({ shares: z.array(Share), unshared: z.array(Named) });
export type CaseShares = z.infer<typeof CaseShares>;
export const SharesEnded = z.object({ ended: z.array(Id) });

/** Whom something can be shared with. */
export const Recipient = z.object({ id: Id, name: z.string(), email: z.string(), role: OutsideRole });
export type Recipient = z.infer<typeof Recipient>;

/** A share as it is told to who got it: never why, never with whom else. */
export const SharedWithMe = z.object({
  id: Id,
  madeBy: z.string().nullable(),
  madeAt: Instant,
  expiresAt: Instant,
  mayDownload: z.boolean(),
  message: z.string(),
  items: z.int(),
  /** The case that was shared: its number and title are told, nothing else of it. */
  case: z.object({ id: Id, number: z.string(), title: z.string() }).nullable(),
});
export type SharedWithMe = z.infer<typeof SharedWithMe>;
export const SharedWithMeList = z.object({ items: z.array(SharedWithMe) });
export type SharedWithMeList = z.infer<typeof SharedWithMeList>;
