import { Problem } from "@sworn/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openDatabase } from "./open-database.ts";
import { PostgresError } from "./postgres-error.ts";
import { createTestDatabase, type TestDatabase } from "./testing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => db.close());

describe("transactions", () => {
  test("an agency's transaction sees that agency, and the next on the same connection sees nothing", async () => {
    const agency = await db.agency("Harbor Police");
    await db.agency("Hill County Sheriff");
    const names = await db.database.forAgency(agency, (tx) => tx.selectFrom("sworn.agency").select("name").execute());
    expect(names).toEqual([{ name: "Harbor Police" }]);
    const none = await db.database.withoutAgency((tx) => tx.selectFrom("sworn.agency").select("name").execute());
    expect(none).toEqual([]);
    expect(await db.database.agencyIds()).toContain(agency);
  });

  test("int8 arrives as a number and one beyond 2^53 is refused", async () => {
    const ask = (text: string) =>
      db.database.withoutAgency((tx) => sql<{ n: number }>`select ${text}::int8 as n`.execute(tx));
    expect((await ask("9007199254740991")).rows).toEqual([{ n: 9007199254740991 }]);
    await expect(ask("9007199254740993")).rejects.toMatchObject({ code: "integer-too-large" });
    await expect(ask("9007199254740993")).rejects.toBeInstanceOf(PostgresError);
  });

  test("a deadlock is retried until the work succeeds", async () => {
    const agency = await db.agency("Deadlock PD");
    const [a, b] = [1, 2];
    let tries = 0;
    const lockBoth = (first: number, second: number) =>
      db.database.forAgency(agency, async (tx) => {
        tries += 1;
        await sql`select pg_advisory_xact_lock(${first})`.execute(tx);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await sql`select pg_advisory_xact_lock(${second})`.execute(tx);
      });
    await Promise.all([lockBoth(a, b), lockBoth(b, a)]);
    expect(tries).toBeGreaterThan(2);
  });

  test("the checker reads one snapshot and cannot write", async () => {
    await expect(
      db.database.asChecker((tx) => sql`create temporary table t (n int)`.execute(tx)),
    ).rejects.toMatchObject({ code: "25006" });
    const agency = await db.agency("Snapshot PD");
    await db.database.asChecker(async (tx) => {
      const count = () =>
        tx
          .selectFrom("sworn.agency")
          .select(({ fn }) => fn.countAll<number>().as("n"))
          .executeTakeFirstOrThrow();
      const before = await count();
      await db.agency("Later PD");
      expect(await count()).toEqual(before);
    });
    expect(agency).not.toBe("");
  });

  test("a database that is away is a busy server, not an internal error", async () => {
    const away = openDatabase({
      ownerConfig: { ...db.ownerConfig, host: "/nonexistent" },
      loginSecret: db.loginSecret,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    await expect(away.withoutAgency(async () => 1)).rejects.toMatchObject({ code: "busy" });
    await expect(away.agencyIds()).rejects.toBeInstanceOf(Problem);
    await away.close();
  });

  test("a connection that is killed in the middle is a busy server", async () => {
    const owner = await db.owner();
    const killed = db.database.withoutAgency(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await owner.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      await sql`select 1`.execute(tx);
    });
    await expect(killed).rejects.toMatchObject({ code: "busy" });
    expect(await db.database.withoutAgency(async () => "again")).toBe("again");
  });
});
