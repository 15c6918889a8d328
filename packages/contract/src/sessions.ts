import { z } from "zod";
import { Instant } from "./evidence.ts";

/** What the browser says with each request: seconds since the person last did something. */
export const IDLE_HEADER = "x-sworn-idle";

/** The session that asks; answered also while it is locked. */
export const SessionState = z.object({
  locked: z.boolean(),
  name: z.string(),
  email: z.string(),
  /** After so long without the person doing anything it locks. */
  idleMinutes: z.int(),
});
export type SessionState = z.infer<typeof SessionState>;

export const Session = z.object({
  id: z.string(),
  startedAt: Instant,
  seenAt: Instant,
  /** Where from and with what, as the server saw it. */
  ip: z.string(),
  browser: z.string(),
  locked: z.boolean(),
  /** The one that asks. */
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;
export const SessionList = z.object({ items: z.array(Session).max(500) });

export const ChangePassword = z.strictObject({
  current: z.string().min(1).max(256),
  next: z.string().min(12).max(256),
});
export type ChangePassword = z.infer<typeof ChangePassword>;

export const SignInPolicy = z.strictObject({ idleMinutes: z.int().min(5).max(60) });
export type SignInPolicy = z.infer<typeof SignInPolicy>;
export const SessionId = z.object({ id: z.string().min(1).max(100) });
