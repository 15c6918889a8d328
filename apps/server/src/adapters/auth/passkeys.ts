import type { Accounts, Asked, Caller } from "../../ports/accounts.ts";
import { askLibrary, readEntry } from "./at-the-door.ts";
import type { AccountOptions, OpenAuth } from "./open-auth.ts";

type Passkeys = Pick<
  Accounts,
  | "beginPasskey"
  | "addPasskey"
  | "passkeys"
  | "renamePasskey"
  | "removePasskey"
  | "beginPasskeyEntry"
  | "enterByPasskey"
>;

/** Passkeys of accounts. Names and removal are ours, by account; the ceremonies are the library's. */
export function passkeys(library: OpenAuth, options: Pick<AccountOptions, "publicUrl">): Passkeys {
  const { pool } = library;
  const asked = async (caller: Caller, path: string): Promise<Asked> => {
    const response = await askLibrary(library, options, caller, "GET", path);
    if (response.status === 429) return { options: null, cookies: [] };
    if (!response.ok) throw new Error(`the sign-in library answered ${response.status}`);
    return { options: (await response.json()) as Record<string, unknown>, cookies: response.headers.getSetCookie() };
  };
  return {
    beginPasskey: (caller) => asked(caller, "/passkey/generate-register-options"),
    async addPasskey(caller, name, response) {
      const answer = await askLibrary(library, options, caller, "POST", "/passkey/verify-registration", {
        name,
        response,
      });
      // What the library could not read it answers as its own failure: a browser's nonsense is none of ours.
      return answer.ok ? ((await answer.json()) as { id: string }).id : null;
    },
    async passkeys(accountId) {
      const { rows } = await pool.query<{ id: string; name: string | null; createdAt: Date | null }>(
        `select id, name, "createdAt" from passkey where "userId" = $1 order by "createdAt", id limit 100`,
        [accountId],
      );
      return rows.map(({ id, name, createdAt }) => ({ id, name: name ?? "", createdAt: createdAt ?? new Date(0) }));
    },
    async renamePasskey(accountId, id, name) {
      const sql = `update passkey set name = $3 where id = $2 and "userId" = $1`;
      return (await pool.query(sql, [accountId, id, name])).rowCount === 1;
    },
    async removePasskey(accountId, id) {
      return (await pool.query(`delete from passkey where id = $2 and "userId" = $1`, [accountId, id])).rowCount === 1;
    },
    async beginPasskeyEntry(caller) {
      const { options: found, cookies } = await asked(caller, "/passkey/generate-authenticate-options");
      return { cookies, options: found === null ? null : { ...found, userVerification: "required" } };
    },
    async enterByPasskey(caller, response) {
      const answer = await askLibrary(library, options, caller, "POST", "/passkey/verify-authentication", { response });
      return await readEntry(library, answer);
    },
  };
}
