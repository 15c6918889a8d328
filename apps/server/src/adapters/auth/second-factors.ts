import type { Accounts, Caller, Proof } from "../../ports/accounts.ts";
import { askLibrary, readEntry } from "./at-the-door.ts";
import type { AccountOptions, OpenAuth } from "./open-auth.ts";
import { PROVIDER } from "./provider-links.ts";

type SecondFactors = Pick<
  Accounts,
  | "enterSecond"
  | "waiting"
  | "factors"
  | "factorsOf"
  | "beginTotp"
  | "confirmTotp"
  | "renewRecoveryCodes"
  | "prove"
  | "removeFactors"
>;

/**
 * The library looks at a session first, whoever it is of: with it, a code of one account would be judged, and counted as
 * right, for the other account whose sign-in waits. Of the cookies, only the one that waits goes on.
 */
function onlyWaiting(caller: Caller): Caller {
  const all = (caller.headers["cookie"] ?? "").split(/;\s*/);
  const cookie = all.filter((each) => /^(?:__Secure-)?sworn\.two_factor=/.test(each)).join("; ");
  return { ...caller, headers: { ...caller.headers, cookie } };
}

/** Codes of an authenticator app, and the recovery codes beside them. */
export function secondFactors(library: OpenAuth, options: Pick<AccountOptions, "publicUrl">): SecondFactors {
  const { auth, pool } = library;
  const ask = (caller: Caller, path: string, body: object): Promise<Response> =>
    askLibrary(library, options, caller, "POST", path, body);
  const proven = async (caller: Caller, proof: Proof): ReturnType<Accounts["prove"]> =>
    await readEntry(
      library,
      "code" in proof
        ? await ask(caller, "/two-factor/verify-totp", { code: proof.code })
        : await ask(caller, "/two-factor/verify-backup-code", { code: proof.recoveryCode }),
    );
  const factorsOf: SecondFactors["factorsOf"] = async (accountIds) => {
    const { rows } = await pool.query<{ id: string; totp: boolean; passkeys: number }>(
      `select u.id, u."twoFactorEnabled" is true
         and exists (select from "twoFactor" f where f."userId" = u.id and f.verified) as totp,
         (select count(*)::int from passkey k where k."userId" = u.id) as passkeys
       from "user" u where u.id = any($1)`,
      [accountIds],
    );
    return new Map(rows.map(({ id, totp, passkeys }) => [id, { totp, passkeys }]));
  };
  return {
    enterSecond: (caller, proof) => proven(onlyWaiting(caller), proof),
    prove: proven,
    async waiting({ headers }) {
      const { cookie } = headers;
      return cookie === undefined ? null : await auth.api.whoWaits({ headers: new Headers({ cookie }) });
    },
    async factors(accountId) {
      const { totp, passkeys } = (await factorsOf([accountId])).get(accountId) ?? { totp: false, passkeys: 0 };
      const codes = totp ? await auth.api.viewBackupCodes({ body: { userId: accountId } }) : { backupCodes: [] };
      return { totp, recoveryCodesLeft: codes.backupCodes.length, passkeys };
    },
    factorsOf,
    async beginTotp(caller, password) {
      const response = await ask(caller, "/two-factor/enable", { password });
      if (response.status >= 500) throw new Error(`the sign-in library answered ${response.status}`);
      if (!response.ok) return null;
      const { totpURI, backupCodes } = (await response.json()) as { totpURI: string; backupCodes: string[] };
      return { uri: totpURI, recoveryCodes: backupCodes };
    },
    async confirmTotp(caller, code) {
      return await readEntry(library, await ask(caller, "/two-factor/verify-totp", { code }));
    },
    async renewRecoveryCodes(caller, password) {
      const response = await ask(caller, "/two-factor/generate-backup-codes", { password });
      if (response.status >= 500) throw new Error(`the sign-in library answered ${response.status}`);
      return response.ok ? ((await response.json()) as { backupCodes: string[] }).backupCodes : null;
    },
    async removeFactors(accountId, which) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query(`update "user" set "twoFactorEnabled" = false where id = $1`, [accountId]);
        await client.query(`delete from "twoFactor" where "userId" = $1`, [accountId]);
        if (which === "all") {
          await client.query(`delete from passkey where "userId" = $1`, [accountId]);
          await client.query(`delete from account where "userId" = $1 and "providerId" like $2`, [
            accountId,
            `${PROVIDER}%`,
          ]);
        }
        await client.query("commit");
      } catch (error) {
        await client.query("rollback");
        throw error;
      } finally {
        client.release();
      }
    },
  };
}
