import { hash, verify } from "@node-rs/argon2";

// RFC 9106, second recommended option scaled to a shared server: 64 MiB, 3 passes, 1 lane. Argon2id is the default.
const cost = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 } as const;

/** Argon2id, encoded with its own salt and parameters (PHC string). */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFKC"), cost);
}

export async function verifyPassword(data: { hash: string; password: string }): Promise<boolean> {
  return await verify(data.hash, data.password.normalize("NFKC"));
}
