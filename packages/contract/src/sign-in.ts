import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

export const SignIn = z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(256) });
export type SignIn = z.infer<typeof SignIn>;

/** `entered`: there is a session now; otherwise the second factor is asked for, within ten minutes. */
export const SignInAnswer = z.object({ entered: z.boolean() });
export type SignInAnswer = z.infer<typeof SignInAnswer>;

/** Something that happened to one's own account, shown until it was acknowledged. */
export const SignInNotice = z.object({
  id: Id,
  kind: z.enum(["locked-out", "factors-reset"]),
  at: Instant,
  /** When a lock ended by itself. */
  until: Instant.nullable(),
});
export type SignInNotice = z.infer<typeof SignInNotice>;
export const SignInNoticeList = z.object({ items: z.array(SignInNotice).max(20) });

/** How somebody's account stands, for who manages people. */
export const SignInState = z.object({
  personId: Id,
  /** Shut after too many wrong tries, for browsers that never signed in to it. */
  lockedUntil: Instant.nullable(),
  totp: z.boolean(),
  passkeys: z.int(),
});
export type SignInState = z.infer<typeof SignInState>;
export const SignInStatePage = z.object({ items: z.array(SignInState), next: Id.nullable() });

/** A code of the authenticator app, or one of the recovery codes. */
export const SecondFactorProof = z.union([
  z.strictObject({ code: z.string().regex(/^\d{6}$/, "a code has six digits") }),
  z.strictObject({ recoveryCode: z.string().trim().min(8).max(40) }),
]);
export type SecondFactorProof = z.infer<typeof SecondFactorProof>;

const PasskeyName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\0]*$/u);
export const Passkey = z.object({ id: z.string(), name: z.string(), createdAt: Instant });
export type Passkey = z.infer<typeof Passkey>;
export const PasskeyId = z.object({ id: z.string().min(1).max(100) });
export const RenamePasskey = z.strictObject({ name: PasskeyName });
/** What the browser is asked, and what it answers: WebAuthn's own shapes, read by the sign-in library alone. */
export const PasskeyOptions = z.object({ options: z.record(z.string(), z.unknown()) });
const PasskeyResponse = z.looseObject({ id: z.string().min(1).max(1400) });
export const AddPasskey = z.strictObject({ name: PasskeyName, response: PasskeyResponse });
export const EnterByPasskey = z.strictObject({ response: PasskeyResponse });

/** With what one's own account can prove itself beside the password. */
export const OwnFactors = z.object({
  /** A role of this person needs a second factor. */
  needed: z.boolean(),
  totp: z.boolean(),
  recoveryCodesLeft: z.int(),
  passkeys: z.array(Passkey),
});
export type OwnFactors = z.infer<typeof OwnFactors>;

const Password = z.string().min(1).max(256);
export const WithPassword = z.strictObject({ password: Password });

/** Shown once: what an authenticator app needs, and the recovery codes. In no use before a code was typed. */
export const NewTotp = z.object({ uri: z.string(), secret: z.string(), recoveryCodes: z.array(z.string()) });
export type NewTotp = z.infer<typeof NewTotp>;
export const ConfirmTotp = z.strictObject({ code: z.string().regex(/^\d{6}$/, "a code has six digits") });
export const NewRecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

/** Why somebody's second factors are taken away: it stands in the log. */
export const ResetFactors = z.strictObject({ reason: z.string().trim().min(3).max(500) });

/** What the sign-in page shows before anybody is known. */
export const FrontDoor = z.object({
  notices: z.array(z.object({ agencyId: Id, agency: z.string(), text: z.string(), version: z.int() })).max(20),
  /** The organisation's own sign-in; null where none is set up. */
  provider: z.object({ name: z.string() }).nullable(),
});
export type FrontDoor = z.infer<typeof FrontDoor>;
export const AcceptNotice = z.strictObject({ version: z.int().min(1).max(2_000_000_000) });

/** `to`: the path of this site that is opened afterwards. */
export const BeginByProvider = z.strictObject({ to: z.string().max(2000).optional() });
/** Where the browser goes to sign in there. */
export const ProviderAddress = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** Why coming back from the identity provider opened nothing: `refused` in the address of the sign-in page. */
export const providerRefusals = [
  "unknown",
  "unverified",
  "other-identity",
  "disabled",
  "unavailable",
  "cancelled",
  "failed",
] as const;
export type ProviderRefusal = (typeof providerRefusals)[number];
