import { z } from "zod";
import { Id, Instant } from "./evidence.ts";
import { Permission, Role } from "./permissions.ts";
import { Language } from "./views.ts";

export const Me = z.object({
  person: z.object({ id: Id, name: z.string(), email: z.string(), roles: z.array(Role) }).nullable(),
  key: z.object({ id: Id, name: z.string(), role: Role }).nullable(),
  /** Chosen by this person; null: none. */
  language: Language.nullable(),
  /** Whether letters say that somebody named them in a note; null: no letters are sent here, or this is a key. */
  mailMentions: z.boolean().nullable(),
  /** For whom this browser acts now, under a delegation; null: for nobody. */
  acting: z
    .object({ id: Id, for: z.object({ id: Id, name: z.string() }), roles: z.array(Role), until: Instant })
    .nullable(),
  /** What may be done at all; the server asks again each time. */
  permissions: z.array(Permission),
  agency: z.object({ id: Id, name: z.string(), timeZone: z.string(), language: Language.nullable() }),
  /** False until the recovery sheet for master and log keys was made: shown until done. */
  recoverySheetMade: z.boolean(),
});
export type Me = z.infer<typeof Me>;

export const ChooseMail = z.strictObject({ mentions: z.boolean() });

export const SetUp = z.object({
  token: z.string(),
  agency: z.string().min(1).max(200),
  timeZone: z.string().min(1).max(60),
  /** What the agency speaks where a browser asks for no language that is known. */
  language: Language.optional(),
  name: z.string().min(1).max(200),
  email: z.email().max(254),
  password: z.string().min(12).max(256),
});
export type SetUp = z.infer<typeof SetUp>;

/** What a person may be; `device` is for keys alone. */
export const PersonRole = Role.exclude(["device"]);

export const Person = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  /** Where they belong; what they record keeps the unit of that day. */
  unitId: Id.nullable(),
  /** What dispatch calls them by, and a scanner reads. */
  badge: z.string().nullable(),
  createdAt: Instant,
  disabledAt: Instant.nullable(),
});
export type Person = z.infer<typeof Person>;
export const PersonList = z.object({ items: z.array(Person) });

/** Letters or digits, as calls name it: 4471, B-117. */
const Badge = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^\0]*$/u);

/** What is left out stays as it is. Whatever is changed, every session of the person ends. */
export const ChangePerson = z
  .strictObject({
    roles: z.array(PersonRole).min(1).max(10).optional(),
    disabled: z.boolean().optional(),
    /** null: of no unit. */
    unitId: Id.nullable().optional(),
    /** null: none. Of one person at a time, whatever its case. */
    badge: Badge.nullable().optional(),
    /** A new password, set by an admin: it is told to its owner, who signs in with it. */
    password: z.string().min(12).max(256).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "nothing is changed");
export type ChangePerson = z.infer<typeof ChangePerson>;

export const Device = z.object({
  id: Id,
  name: z.string(),
  model: z.string().nullable(),
  createdAt: Instant,
  revokedAt: Instant.nullable(),
});
