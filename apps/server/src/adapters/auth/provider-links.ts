import { createHash, randomUUID } from "node:crypto";
import type { Accounts } from "../../ports/accounts.ts";
import { readEntry } from "./at-the-door.ts";
import { CLIENT_IP, type OpenAuth } from "./open-auth.ts";

type ProviderLinks = Pick<Accounts, "keepAside" | "takeAside" | "linked" | "link" | "unlink" | "enterLinked">;

/** In the library's tables, by names that its own lookups never ask for. */
export const PROVIDER = "oidc ";
const aside = (key: string): string => `aside ${createHash("sha256").update(key).digest("hex")}`;

/** Accounts that prove themselves at an identity provider. */
export function providerLinks(library: OpenAuth): ProviderLinks {
  const { auth, pool } = library;
  const linked: ProviderLinks["linked"] = async ({ issuer, subject }) => {
    const { rows } = await pool.query<{ userId: string }>(
      `select "userId" from account where "providerId" = $1 and "accountId" = $2`,
      [PROVIDER + issuer, subject],
    );
    return rows[0]?.userId ?? null;
  };
  return {
    linked,
    async keepAside(key, value, until) {
      await pool.query(`delete from verification where identifier like 'aside %' and "expiresAt" < now()`);
      const { internalAdapter } = await auth.$context;
      await internalAdapter.createVerificationValue({ identifier: aside(key), value, expiresAt: until });
    },
    async takeAside(key) {
      // One statement: of two who come with the same key, one gets it.
      const { rows } = await pool.query<{ value: string; fresh: boolean }>(
        `delete from verification where identifier = $1 returning value, "expiresAt" > now() as fresh`,
        [aside(key)],
      );
      return rows[0]?.fresh === true ? rows[0].value : null;
    },
    async link(accountId, { issuer, subject }) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query(`select pg_advisory_xact_lock(hashtextextended('sworn provider links', 0))`);
        const { rowCount } = await client.query(
          `insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
           select $1, $2, $3, $4, now(), now() where not exists (
             select from account where "providerId" = $3 and ("accountId" = $2 or "userId" = $4))`,
          [randomUUID(), subject, PROVIDER + issuer, accountId],
        );
        await client.query("commit");
        return rowCount === 1;
      } catch (error) {
        await client.query("rollback");
        throw error;
      } finally {
        client.release();
      }
    },
    async unlink(accountId, issuer) {
      await pool.query(`delete from account where "userId" = $1 and "providerId" = $2`, [accountId, PROVIDER + issuer]);
    },
    async enterLinked(caller, accountId) {
      const headers = new Headers({ [CLIENT_IP]: caller.ip });
      const agent = caller.headers["user-agent"];
      if (agent !== undefined) headers.set("user-agent", agent);
      return await readEntry(library, await auth.api.openSession({ headers, body: { accountId }, asResponse: true }));
    },
  };
}
