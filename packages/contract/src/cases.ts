import { z } from "zod";
import { Id, Instant } from "./evidence.ts";
import { Involved, MatterNumber } from "./incidents.ts";

const title = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/u);

export const CreateCase = z.object({
  number: MatterNumber,
  title,
  people: z.array(Involved).max(50).default([]),
  /** Whose supervisors see it; left out, that of who makes it. */
  unitId: Id.nullable().optional(),
});
export type CreateCase = z.input<typeof CreateCase>;
/** What is left out stays. */
export const ChangeCase = z.object({
  number: MatterNumber.optional(),
  title: title.optional(),
  people: z.array(Involved).max(50).optional(),
  unitId: Id.nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
});
export type ChangeCase = z.input<typeof ChangeCase>;

/** Incidents and evidence prepared for somebody. Counts are of what the asker may see. */
export const Case = z.object({
  id: Id,
  number: z.string(),
  title: z.string(),
  people: z.array(Involved),
  unit: z.object({ id: Id, name: z.string() }).nullable(),
  state: z.enum(["open", "closed"]),
  createdBy: z.string().nullable(),
  createdAt: Instant,
  incidents: z.int(),
  /** Of its own and of its incidents, each once. */
  evidence: z.int(),
  openTasks: z.int(),
});
export type Case = z.infer<typeof Case>;
export const CaseList = z.object({ items: z.array(Case), next: z.string().nullable() });
export type CaseList = z.infer<typeof CaseList>;

const Ids = z.array(Id).min(1).max(500);
export const ChangeContents = z.object({ evidenceIds: Ids.optional(), incidentIds: Ids.optional() });
export const ContentsAnswer = z.object({
  changed: z.array(Id),
  unchanged: z.array(Id),
  /** Not there, or not yours. */
  missing: z.array(Id),
});
export type ContentsAnswer = z.infer<typeof ContentsAnswer>;
