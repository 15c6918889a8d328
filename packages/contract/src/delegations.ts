import { z } from "zod";
import { Id, Instant } from "./evidence.ts";
import { type Permission, type Role, rolePermissions } from "./permissions.ts";

/** Roles whose reach can be lent: those that act for the agency. */
export const lentRoles = ["supervisor", "custodian", "records", "admin"] as const;
export const LentRole = z.enum(lentRoles);
export type LentRole = z.infer<typeof LentRole>;

/**
 * Never lent: what would outlast the loan (keys, cameras, people, classes, where units stand and so who reaches what, work
 * that runs on), and lending itself.
 */
export const notLent: readonly Permission[] = [
  "reach.lend",
  "key.manage",
  "device.manage",
  "person.manage",
  "class.manage",
  "unit.manage",
  "recovery.manage",
  "derivative.create",
  "upload.create",
];

/** What somebody may do for another one under these roles. */
export function lentPermissions(held: readonly Role[]): Permission[] {
  return [...new Set(held.flatMap((role) => rolePermissions[role]))].filter((one) => !notLent.includes(one));
}

const words = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .regex(/^[^\0]*$/u);
const Named = z.object({ id: Id, name: z.string() });

/** One person's reach, given to another until a day. Never changed, only ended. */
export const Delegation = z.object({
  id: Id,
  state: z.enum(["planned", "active", "over", "ended"]),
  from: Named,
  to: Named,
  roles: z.array(LentRole),
  /** To this unit and what is below it; null: as far as the giver reaches. */
  unit: Named.nullable(),
  fromAt: Instant,
  untilAt: Instant,
  reason: z.string(),
  madeAt: Instant,
  endedBy: z.string().nullable(),
  endedAt: Instant.nullable(),
  endReason: z.string().nullable(),
  /** Whether this reader may end it. */
  mayEnd: z.boolean(),
  /** Whether this reader may act under it now. */
  mayAct: z.boolean(),
});
export type Delegation = z.infer<typeof Delegation>;
export const DelegationList = z.object({ items: z.array(Delegation), next: z.string().nullable() });
export type DelegationList = z.infer<typeof DelegationList>;
export const DelegationQuery = z.object({
  /** Given by or to this person; left out: all that the reader may see. */
  person: Id.optional(),
  state: z.enum(["current", "past"]).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  next: z.string().max(200).optional(),
});

export const MakeDelegation = z.strictObject({
  toId: Id,
  roles: z.array(LentRole).min(1).max(4),
  unitId: Id.nullable().default(null),
  /** Left out: from now on. */
  from: Instant.optional(),
  until: Instant,
  reason: words,
});
export type MakeDelegation = z.input<typeof MakeDelegation>;
export const EndDelegation = z.strictObject({ reason: words });
/** Colleagues to whom reach can be lent. */
export const DelegationChoices = z.object({ items: z.array(Named) });
export const ChooseActing = z.strictObject({ delegationId: Id.nullable() });
