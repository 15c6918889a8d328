import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Role } from "@sworn/contract";
import type { FastifyInstance } from "fastify";
import { openAccounts } from "../../adapters/auth/better-auth-accounts.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Accounts } from "../../ports/accounts.ts";
import { systemClock } from "../../ports/clock.ts";
import type { IdentityProvider } from "../../ports/identity-provider.ts";
import type { Notice } from "../../ports/notify.ts";
import { type Route, route } from "../../ports/http.ts";
import { TokenBuckets } from "../../ports/token-buckets.ts";
import { createPerson, identify } from "../identity/index.ts";
import { type SignInDeps, signInRoutes } from "./index.ts";

export const PASSWORD = "lanterns over the river";

/** A server that people can sign in to, with a clock that can be put forward. */
export interface Door {
  readonly test: TestDatabase;
  readonly accounts: Accounts;
  readonly deps: SignInDeps;
  readonly time: { later: number };
  readonly url: string;
  /** What mail would tell. */
  readonly notices: Notice[];
  agencyId: string;
  close(): Promise<void>;
  somebody(roles?: readonly Role[], agencyId?: string): Promise<{ id: string; email: string }>;
  /** One request; cookies of the answer are put into `jar`. */
  ask(jar: Jar, method: string, path: string, body?: object, from?: string): Promise<DoorAnswer>;
  /** Signs in with a password from an address of its own. */
  enter(jar: Jar, email: string, password?: string, from?: string): Promise<DoorAnswer>;
  events(personId: string): Promise<{ kind: string; details: Record<string, unknown> | null }[]>;
}
export type Jar = Map<string, string>;
export interface DoorAnswer {
  readonly status: number;
  readonly code: string | number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export async function openDoor(
  more: (deps: SignInDeps) => Route[] = () => [],
  provider: IdentityProvider | null = null,
): Promise<Door> {
  const log = { info: () => undefined, warn: () => undefined, error: (...all: unknown[]) => console.error(...all) };
  const time = { later: 0 };
  const clock = { now: () => systemClock.now() + time.later, monotonic: () => systemClock.monotonic() + time.later };
  const custody = { clock, software: "test" };
  const test = await createTestDatabase();
  const { database } = test;
  let url = "http://localhost:1";
  const notices: Notice[] = [];
  const accounts = await openAccounts({
    connection: loginConfig(test.ownerConfig, "sworn_auth", test.loginSecret),
    secret: createHash("sha256").update("test").digest(),
    publicUrl: () => url,
    ownOrigins: () => [url],
    log,
  });
  const deps: SignInDeps = {
    database,
    accounts,
    custody,
    clock,
    log,
    publicUrl: () => url,
    notify: (_tx, _agency, notice) => {
      notices.push(notice);
      return Promise.resolve();
    },
    provider,
    beginnings: new TokenBuckets({ burst: 100, perSecond: 1 }, clock),
    secret: createHash("sha256").update("tries").digest(),
    tries: new TokenBuckets({ burst: 5, perSecond: 1 / 120 }, clock),
  };
  const server: FastifyInstance = serveRoutes({
    routes: [
      ...signInRoutes(deps),
      ...more(deps),
      route({
        method: "GET",
        path: "/anything",
        access: { signedIn: true },
        summary: "What a page shows",
        handle: () => Promise.resolve({ body: { shown: true } }),
      }),
    ],
    identify: (request) => identify({ database, accounts, clock }, request),
    log,
    ownOrigins: () => [url],
    checkAnswers: true,
    // Tests come from many places: each says where from.
    clientAddress: (_peer, headers) => String(headers["x-from"] ?? "192.0.2.1"),
  });
  await server.listen({ host: "localhost", port: 0 });
  url = `http://localhost:${(server.server.address() as AddressInfo).port}`;
  let people = 0;
  let addresses = 0;
  const ask: Door["ask"] = async (jar, method, path, body, from = "192.0.2.1") => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(cookie === "" ? {} : { cookie }),
        origin: url,
        "sec-fetch-site": "same-origin",
        "x-from": from,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";", 1);
      const at = pair.indexOf("=");
      if (/max-age=0/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    const json = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
    const { code = response.status } = json as { code?: string | number };
    return { status: response.status, code, body: json, headers: response.headers };
  };
  const agencyId = await test.agency("Elm County");
  return {
    test,
    accounts,
    deps,
    time,
    url,
    notices,
    agencyId,
    ask,
    async close() {
      await server.close();
      await accounts.close();
      await test.close();
    },
    async somebody(roles = ["officer"], agency = agencyId) {
      const email = `p${(people += 1)}@elm.example`;
      const person = { name: "Ofc. Adair", email, roles, password: PASSWORD };
      const { personId } = await createPerson({ database, accounts, custody }, agency, null, person);
      return { id: personId, email };
    },
    enter: (
      jar,
      email,
      password = PASSWORD,
      from = `198.51.${Math.floor((addresses += 1) / 250)}.${addresses % 250}`,
    ) => ask(jar, "POST", "/api/auth/sign-in/email", { email, password }, from),
    async events(personId) {
      const { rows } = await (
        await test.owner()
      ).query<{ kind: string; event: string }>(
        `select e.kind, b.event from custody.entry e join custody.event_body b on b.entry_id = e.id
         where e.subject_id = $1 order by e.n`,
        [personId],
      );
      return rows.map(({ kind, event }) => ({
        kind,
        details: (JSON.parse(event) as { details?: Record<string, unknown> }).details ?? null,
      }));
    },
  };
}
