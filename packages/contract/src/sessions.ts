import { z } from "zod";
import { Instant } from "./evidence.ts";
import { Role } from "./permissions.ts";

/** What the browser says with each request: seconds since the person last did something. */
export const IDLE_HEADER = "x-sworn-idle";

/** The session that asks; answered also while it is locked. */
export const SessionState = z.object({
  locked: z.boolean(),
  name: z.string(),
  email: z.string(),
  /** After so long without the person doing anything it locks. */
  idleMinutes: z.int(),
  /** What it waits for before it opens anything. */
  waits: z.enum(["notice", "second-factor"]).nullable(),
  /** The agency's notice in its present version, while it is not accepted. */
  notice: z.object({ text: z.string(), version: z.int() }).nullable(),
  /** What its person can prove a second factor with; neither: they are to set one up. */
  has: z.object({ totp: z.boolean(), passkeys: z.boolean() }),
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

export const SignInPolicy = z.object({
  idleMinutes: z.int().min(5).max(60),
  /** Roles that need a second factor. */
  secondFactor: z.array(z.string()),
  /** Shown before the sign-in, and to be accepted; empty: none. */
  notice: z.string(),
  /** Raised with each new text. */
  noticeVersion: z.int(),
});
/** What is left out stays as it is. */
export const ChangeSignInPolicy = z
  .strictObject({
    idleMinutes: z.int().min(5).max(60).optional(),
    secondFactor: z
      .array(Role.exclude(["device"]))
      .max(20)
      .optional(),
    notice: z
      .string()
      .trim()
      .max(4000)
      // Plain text: lines and tabs, no other control characters.
      .regex(/^(?:[\t\n\r]|\P{Cc})*$/u, "a notice is plain text")
      .optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "nothing is changed");
export type ChangeSignInPolicy = z.infer<typeof ChangeSignInPolicy>;
export type SignInPolicy = z.infer<typeof SignInPolicy>;
export const SessionId = z.object({ id: z.string().min(1).max(100) });
