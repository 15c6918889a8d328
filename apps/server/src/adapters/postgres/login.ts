import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import type { ClientConfig } from "pg";

/** The owner sets up and migrates; these four do the work, each with the least that its part needs. */
export const loginRoles = ["sworn_app", "sworn_sequencer", "sworn_checker", "sworn_auth"] as const;
export type LoginRole = (typeof loginRoles)[number];

/** Password of a role, never stored: `hex(keyRing.derive("database-login/<role>"))`. */
export type LoginSecret = (role: LoginRole) => string;

/** Derives the roles' passwords from the master key, so that no file holds them. */
export function loginSecretOf(keyRing: { derive(purpose: string): Uint8Array }): LoginSecret {
  return (role) => Buffer.from(keyRing.derive(`database-login/${role}`)).toString("hex");
}

/** The owner's connection with the name and password of a role, for `pg`. */
export function loginConfig(owner: ClientConfig, role: LoginRole, secret: LoginSecret): ClientConfig {
  const password = secret(role);
  if (owner.connectionString === undefined) return { ...owner, user: role, password };
  // `pg` lets the address win over single fields, so the name has to change inside it.
  const address = new URL(owner.connectionString);
  address.username = role;
  address.password = password;
  return { ...owner, connectionString: address.href };
}

/**
 * What PostgreSQL keeps of a password (RFC 5803 form). Computed here so that the password itself never
 * travels in a statement, where a server that logs statements would write it down.
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(16), iterations = 4096): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const key = (label: string): Buffer => createHmac("sha256", salted).update(label).digest();
  const storedKey = createHash("sha256").update(key("Client Key")).digest("base64");
  const serverKey = key("Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString("base64")}$${storedKey}:${serverKey}`;
}
