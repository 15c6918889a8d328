import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAccounts } from "../../adapters/auth/better-auth-accounts.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Accounts } from "../../ports/accounts.ts";
import { systemClock } from "../../ports/clock.ts";
import type { Principal } from "../../ports/http.ts";
import { changePerson } from "./change-person.ts";
import { createPerson } from "./index.ts";
import {
  acceptInvitation,
  type InvitationDeps,
  invite,
  listInvitations,
  readInvitation,
  renew,
  withdraw,
} from "./invitations.ts";
import { refuseWeakPassword } from "./password-rules.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const origin = "http://127.0.0.1:1";
const password = "lanterns over the river";
const DAY = 24 * 3600 * 1000;
let test: TestDatabase;
let accounts: Accounts & { close(): Promise<void> };
let deps: InvitationDeps;
let admin: Principal;
let later = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  accounts = await openAccounts({
    connection: loginConfig(test.ownerConfig, "sworn_auth", test.loginSecret),
    secret: createHash("sha256").update("test").digest(),
    publicUrl: () => origin,
    ownOrigins: () => [origin],
    log,
  });
  const clock = { ...systemClock, now: () => systemClock.now() + later };
  deps = { database: test.database, accounts, custody: { clock, software: "test" }, clock, publicUrl: () => origin };
  const agencyId = await test.agency("Elm County");
  const moreno = { name: "P. Moreno", email: "moreno@elm.example", roles: ["admin" as const], password };
  const { personId } = await createPerson(deps, agencyId, null, moreno);
  admin = { kind: "person", actorId: personId, agencyId, roles: ["admin"], personId, deviceId: null };
});
afterAll(async () => {
  await accounts.close();
  await test.close();
});

const tokenOf = (url: string): string => new URL(url).hash.replace("#token=", "");
const invited = (email: string, unitId: string | null = null): ReturnType<typeof invite> =>
  invite(deps, admin, { name: "Ofc. Adair", email, roles: ["officer", "records"], unitId, days: 7 });
const used = expect.objectContaining({ code: "invitation-used" });

describe("an invitation", () => {
  it("makes its person once: with its roles and unit, a password of their own, and events", async () => {
    const owner = await test.owner();
    const { rows } = await owner.query<{ id: string }>(
      "insert into sworn.unit (id, agency_id, name) values (gen_random_uuid(), $1, 'North') returning id",
      [admin.agencyId],
    );
    const unit = rows[0]?.id ?? "";
    const { url, invitation } = await invited("Adair@elm.example", unit);
    const token = tokenOf(url);
    expect(await readInvitation(deps, token)).toMatchObject({ agency: "Elm County", email: "adair@elm.example" });
    const done = await Promise.allSettled([
      acceptInvitation(deps, token, password),
      acceptInvitation(deps, token, password),
    ]);
    expect(done.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await expect(acceptInvitation(deps, token, password)).rejects.toEqual(used);
    await expect(readInvitation(deps, token)).rejects.toEqual(used);

    const person = await test.database.forAgency(admin.agencyId, (tx) =>
      tx.selectFrom("sworn.person").selectAll().where("email", "=", "adair@elm.example").executeTakeFirstOrThrow(),
    );
    expect(person).toMatchObject({ roles: ["officer", "records"], unit_id: unit });
    const { rows: events } = await owner.query<{ kind: string; event: string }>(
      `select e.kind, b.event from custody.entry e join custody.event_body b on b.entry_id = e.id
       where b.event like '%' || $1 || '%' or e.subject_id = $2 order by e.at, e.n`,
      [invitation.id, person.id],
    );
    expect(events.map(({ kind }) => kind)).toEqual(["person.invited", "person.created", "person.unit-changed"]);
    // Names stay out of the log, and the link's secret out of everything.
    for (const { event } of events) expect(event).not.toMatch(/Adair|adair@/);
    const dump = await owner.query<{ row: string }>("select i::text as row from sworn.invitation i");
    for (const { row } of dump.rows) expect(row).not.toContain(token.slice(-30));
  });

  it("ends with its days, with a newer link, and when it is withdrawn", async () => {
    const first = tokenOf((await invited("late@elm.example")).url);
    later = 7 * DAY + 1;
    await expect(acceptInvitation(deps, first, password)).rejects.toEqual(used);
    const { items } = await test.database.forAgency(admin.agencyId, (tx) =>
      listInvitations(tx, deps.clock.now(), { limit: 1 }),
    );
    expect(items[0]).toMatchObject({ email: "late@elm.example", state: "expired" });
    const again = await renew(deps, admin, items[0]?.id ?? "");
    await expect(readInvitation(deps, first)).rejects.toEqual(used);
    expect((await readInvitation(deps, tokenOf(again.url))).name).toBe("Ofc. Adair");
    await withdraw(deps, admin, again.invitation.id);
    await expect(acceptInvitation(deps, tokenOf(again.url), password)).rejects.toEqual(used);
    await expect(renew(deps, admin, again.invitation.id)).rejects.toMatchObject({ code: "not-found" });
    later = 0;
  });

  it("is refused for somebody who is here or was invited, and is nobody's of another agency", async () => {
    const taken = expect.objectContaining({ code: "person-exists" });
    await expect(invited("moreno@elm.example")).rejects.toEqual(taken);
    const { invitation } = await invited("twice@elm.example");
    await expect(invited("Twice@elm.example")).rejects.toEqual(taken);
    const elsewhere = { ...admin, agencyId: await test.agency("Far Town") };
    await expect(withdraw(deps, elsewhere, invitation.id)).rejects.toMatchObject({ code: "not-found" });
    await expect(renew(deps, elsewhere, invitation.id)).rejects.toMatchObject({ code: "not-found" });
    const page = await test.database.forAgency(elsewhere.agencyId, (tx) => listInvitations(tx, 0, { limit: 9 }));
    expect(page.items).toEqual([]);
  });

  it("is withdrawn when whoever sent it may not invite any more: they may have kept the link", async () => {
    for (const [n, change] of [{ disabled: true }, { roles: ["officer" as const] }].entries()) {
      const boss = { name: "A. Brandt", email: `brandt${n}@elm.example`, roles: ["admin" as const], password };
      const { personId } = await createPerson(deps, admin.agencyId, null, boss);
      const sender = { ...admin, actorId: personId, personId };
      const email = `door${n}@elm.example`;
      const { url } = await invite(deps, sender, {
        name: "Ofc. Adair",
        email,
        roles: ["admin"],
        unitId: null,
        days: 7,
      });
      await changePerson(deps, admin, personId, { unitId: null });
      expect((await readInvitation(deps, tokenOf(url))).email).toBe(email);
      await changePerson(deps, admin, personId, change);
      await expect(acceptInvitation(deps, tokenOf(url), password)).rejects.toEqual(used);
    }
    const { rows } = await (
      await test.owner()
    ).query("select from custody.entry where kind = 'invitation.revoked' and actor_id = $1", [admin.actorId]);
    expect(rows).toHaveLength(3); // these two, and the one that was withdrawn by hand
  });

  it("that was renewed falls with whoever made the newest link, and with whoever invited", async () => {
    const boss = async (n: number): Promise<Principal> => {
      const who = { name: "A. Brandt", email: `boss${n}@elm.example`, roles: ["admin" as const], password };
      const { personId } = await createPerson(deps, admin.agencyId, null, who);
      return { ...admin, actorId: personId, personId };
    };
    const [inviter, renewer] = [await boss(1), await boss(2)];
    const request = { name: "Ofc. Adair", roles: ["admin" as const], unitId: null, days: 7 };
    const first = await invite(deps, admin, { ...request, email: "renewed1@elm.example" });
    const kept = await renew(deps, renewer, first.invitation.id);
    const second = await invite(deps, inviter, { ...request, email: "renewed2@elm.example" });
    const others = await renew(deps, admin, second.invitation.id);
    for (const who of [inviter, renewer]) await changePerson(deps, admin, who.actorId, { disabled: true });
    for (const { url } of [kept, others]) await expect(readInvitation(deps, tokenOf(url))).rejects.toEqual(used);
    // Taken away in the very moment: the request was admitted before, the link is not made any more.
    const third = await invite(deps, admin, { ...request, email: "renewed3@elm.example" });
    await expect(renew(deps, renewer, third.invitation.id)).rejects.toMatchObject({ code: "not-allowed" });
    await expect(invite(deps, renewer, { ...request, email: "renewed4@elm.example" })).rejects.toMatchObject({
      code: "not-allowed",
    });
  });

  it("stays open when the password is refused, and opens for no other token", async () => {
    const token = tokenOf((await invited("weak@elm.example")).url);
    await expect(acceptInvitation(deps, token, "Password2026!")).rejects.toMatchObject({ code: "password-weak" });
    await expect(readInvitation(deps, `sworn_invite_${"A".repeat(43)}`)).rejects.toEqual(used);
    await acceptInvitation(deps, token, password);
  });
});

const about = { email: "adair@elm.example", name: "Jordan Adair" };
it.each([
  "passwordpassword",
  "P@ssw0rd123456",
  "Welcome2026!!",
  "mynewpassword1",
  "aaaaaaaaaaaaa",
  "abcabcabcabcabc",
  "1234567890123",
  "abcdefghijklmn",
  "qwertyuiop123",
  "adair@elm.example1",
  "jordan adair 1!",
])("refuses %s as a password", (weak) => {
  expect(() => refuseWeakPassword(weak, about)).toThrow(expect.objectContaining({ code: "password-weak" }));
});
it.each(["twelve letters", "a long enough one", "sworn demo 2026", "correct horse battery", "Ω ist kein Kennwort"])(
  "takes %s as a password",
  (fine) => {
    expect(() => refuseWeakPassword(fine, about)).not.toThrow();
  },
);
