import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

const At = z.iso.datetime({ offset: true });
/** An id, or what a scanner reads: a camera's name, somebody's badge. */
const Scanned = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\0]*$/u);

export const Assignment = z.object({
  id: Id,
  device: z.object({ id: Id, name: z.string() }),
  person: z.object({ id: Id, name: z.string(), badge: z.string().nullable() }),
  from: Instant,
  /** Null: not brought back yet. */
  to: Instant.nullable(),
  withdrawn: z.boolean(),
  createdBy: z.string().nullable(),
});
export type Assignment = z.infer<typeof Assignment>;
export const AssignmentList = z.object({ items: z.array(Assignment), next: z.string().nullable() });
export type AssignmentList = z.infer<typeof AssignmentList>;

export const ShiftFilter = z.object({
  /** Those that touch this time. */
  from: At.optional(),
  to: At.optional(),
  /** 1: those not brought back yet. */
  open: z.enum(["0", "1"]).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  next: z.string().max(200).optional(),
});
export type ShiftFilter = z.input<typeof ShiftFilter>;
/** From now, and until it is brought back, where nothing else is said. */
export const CreateShift = z.object({
  device: Scanned,
  person: Scanned,
  from: At.optional(),
  to: At.nullable().optional(),
});
export const CheckIn = z.object({ device: Scanned });
/** What is left out stays; `withdrawn`: entered in error, as if it had never been. */
export const ChangeShift = z.object({
  person: Scanned.optional(),
  from: At.optional(),
  to: At.nullable().optional(),
  withdrawn: z.literal(true).optional(),
});
export type ShiftChoices = z.infer<typeof ShiftChoices>;
export const ShiftChoices = z.object({
  devices: z.array(z.object({ id: Id, name: z.string() })),
  people: z.array(z.object({ id: Id, name: z.string(), badge: z.string().nullable() })),
});
