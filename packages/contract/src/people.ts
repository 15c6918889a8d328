import { z } from "zod";
import { Id, Instant } from "./evidence.ts";
import { Role } from "./permissions.ts";

export const Me = z.object({
  person: z.object({ id: Id, name: z.string(), email: z.string(), roles: z.array(Role) }).nullable(),
  key: z.object({ id: Id, name: z.string(), role: Role }).nullable(),
  agency: z.object({ id: Id, name: z.string(), timeZone: z.string() }),
  /** False until the recovery sheet for master and log keys was made: shown until done. */
  recoverySheetMade: z.boolean(),
});
export type Me = z.infer<typeof Me>;

export const SetUp = z.object({
  token: z.string(),
  agency: z.string().min(1).max(200),
  timeZone: z.string().min(1).max(60),
  name: z.string().min(1).max(200),
  email: z.email().max(254),
  password: z.string().min(12).max(256),
});
export type SetUp = z.infer<typeof SetUp>;

export const Device = z.object({
  id: Id,
  name: z.string(),
  model: z.string().nullable(),
  createdAt: Instant,
  revokedAt: Instant.nullable(),
});
export const CreateKey = z.object({
  name: z.string().min(1).max(100),
  role: Role,
  deviceName: z.string().max(100).optional(),
});
