import { z } from "zod";
import { Id, Instant } from "./evidence.ts";
import { PersonRole } from "./people.ts";

export const CreateInvitation = z.strictObject({
  name: z.string().trim().min(1).max(200),
  email: z.email().max(254),
  roles: z.array(PersonRole).min(1).max(10),
  unitId: Id.nullable().optional(),
  /** How long the link opens, in days. */
  days: z.int().min(1).max(30).default(7),
});
export type CreateInvitation = z.input<typeof CreateInvitation>;

export const Invitation = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  unitId: Id.nullable(),
  state: z.enum(["open", "expired", "accepted", "revoked"]),
  createdAt: Instant,
  expiresAt: Instant,
});
export type Invitation = z.infer<typeof Invitation>;
export const InvitationPage = z.object({ items: z.array(Invitation), next: z.string().nullable() });
/** The link is in this answer and nowhere else: it is handed to the person it names. */
export const NewInvitation = z.object({ invitation: Invitation, url: z.string() });
export type NewInvitation = z.infer<typeof NewInvitation>;

/** The link's secret, as it stands behind the "#". */
export const InvitationToken = z.string().regex(/^sworn_invite_[A-Za-z0-9_-]{43}$/);
export const OpenInvitation = z.object({
  agency: z.string(),
  name: z.string(),
  email: z.string(),
  expiresAt: Instant,
});
export type OpenInvitation = z.infer<typeof OpenInvitation>;
