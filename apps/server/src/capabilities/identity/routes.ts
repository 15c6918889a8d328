import {
  ChangePerson,
  ChooseLanguage,
  ImportAnswer,
  ImportPeople,
  ChooseMail,
  Me,
  Person,
  PersonList,
  PersonRole,
  SetUp,
} from "@sworn/contract";
import { z } from "zod";
import type { Accounts } from "../../ports/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Notify } from "../../ports/notify.ts";
import { route, type Principal, type Route } from "../../ports/http.ts";
import type { AppendDeps } from "../custody/index.ts";
import { changePerson } from "./change-person.ts";
import { importPeople } from "./import-people.ts";
import { invitationRoutes } from "./invitation-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { createPerson } from "./people.ts";
import { confirmRecoverySheet, showRecoverySheet, type RecoverySheets } from "./recovery.ts";
import { isSetUpLinkOpen, isSetUpNeeded, setUp } from "./set-up.ts";
import { chooseLanguage, chooseMail, listPeople, readMe, readPerson } from "./store.ts";

export interface IdentityDeps {
  readonly database: Database;
  readonly accounts: Accounts;
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly recovery: RecoverySheets;
  /** Where this server is, for links that people are handed. */
  readonly publicUrl: () => string;
  readonly notify?: Notify;
  /** Whether this deployment sends letters at all. */
  readonly sendsMail?: boolean;
}

const IdParam = z.object({ id: z.uuid() });
const NewPersonBody = z.object({
  name: z.string().min(1).max(200),
  email: z.email().max(254),
  roles: z.array(PersonRole).min(1),
  password: z.string().min(12).max(256),
});

export function identityRoutes(deps: IdentityDeps): Route[] {
  const forAgency = <T>(principal: Principal, work: Parameters<typeof deps.database.forAgency<T>>[1]): Promise<T> =>
    deps.database.forAgency(principal.agencyId, work);
  return [
    route({
      method: "GET",
      path: "/api/v1/me",
      access: { signedIn: true },
      summary: "Who you are, what you may do, which agency you are in",
      answer: Me,
      handle: async ({ principal }) => ({
        body: await forAgency(principal, (tx) => readMe(tx, principal, deps.sendsMail)),
      }),
    }),
    route({
      method: "PUT",
      path: "/api/v1/me/language",
      access: { signedIn: true },
      summary: "Choose the language of your screens, on every browser",
      body: ChooseLanguage,
      handle: async ({ principal, body }) => {
        await forAgency(principal, (tx) => chooseLanguage(tx, principal, body.language));
        return { status: 204 };
      },
    }),
    route({
      method: "PUT",
      path: "/api/v1/me/mail",
      access: { signedIn: true },
      summary: "Choose whether a letter tells you that you were named in a note",
      body: ChooseMail,
      handle: async ({ principal, body }) => {
        await forAgency(principal, (tx) => chooseMail(tx, principal, body.mentions));
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/set-up",
      access: { public: "nobody can sign in yet; says only that, so that the sign-in page can say what to do" },
      summary: "Whether this server still waits for its first person",
      answer: z.object({ needed: z.boolean() }),
      handle: async () => ({ body: { needed: await isSetUpNeeded(deps) } }),
    }),
    route({
      method: "POST",
      path: "/api/v1/set-up/check",
      access: { public: "the first person has no account yet; the link's token is the proof" },
      summary: "Whether a set-up link can still be used",
      body: z.object({ token: z.string().max(200) }),
      answer: z.object({ open: z.boolean() }),
      handle: async ({ body }) => ({ body: { open: await isSetUpLinkOpen(deps, body.token) } }),
    }),
    route({
      method: "POST",
      path: "/api/v1/set-up",
      access: { public: "the first person has no account yet; the link's token is the proof" },
      summary: "Make the agency and its first person, once",
      body: SetUp,
      answer: z.object({ agencyId: z.uuid(), personId: z.uuid() }),
      handle: async ({ body }) => ({ status: 201, body: await setUp(deps, body) }),
    }),
    route({
      method: "POST",
      path: "/api/v1/recovery-sheet",
      access: { permission: "recovery.manage" },
      summary: "The recovery sheet for the master and log keys, to be printed and locked away",
      secretAnswer: true,
      handle: async ({ principal }) => ({
        headers: { "content-type": "text/plain; charset=utf-8" },
        body: await showRecoverySheet(deps, principal),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/recovery-sheet/confirm",
      access: { permission: "recovery.manage" },
      summary: "Say that the recovery sheet was printed and is kept",
      handle: async ({ principal }) => {
        await confirmRecoverySheet(deps, principal);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/people",
      access: { permission: "person.manage" },
      summary: "People of the agency",
      answer: PersonList,
      handle: async ({ principal }) => ({ body: { items: await forAgency(principal, listPeople) } }),
    }),
    route({
      method: "POST",
      path: "/api/v1/people",
      access: { permission: "person.manage" },
      summary: "Add a person with a first password",
      body: NewPersonBody,
      answer: z.object({ personId: z.uuid() }),
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await createPerson(deps, principal.agencyId, principal.actorId, body),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/people/import",
      access: { permission: "person.manage" },
      summary: "Invite people from a table, and change those who are named as wanted; dryRun says what would happen",
      body: ImportPeople,
      answer: ImportAnswer,
      handle: async ({ principal, body }) => ({ body: await importPeople(deps, principal, body) }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/people/:id",
      access: { permission: "person.manage" },
      summary:
        "Change a person's roles, unit or badge, disable or enable their sign-in, set a new password; ends their sessions",
      params: IdParam,
      body: ChangePerson,
      answer: Person,
      handle: async ({ principal, params, body }) => {
        await changePerson(deps, principal, params.id, body);
        return { body: await forAgency(principal, (tx) => readPerson(tx, params.id)) };
      },
    }),
    ...keyRoutes(deps),
    ...invitationRoutes(deps),
  ];
}
