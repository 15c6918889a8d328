import { sworn } from "../../app/server.ts";

/** A session for who is known and has just chosen their password: there is no second step yet. */
export async function signIn(email: string, password: string): Promise<void> {
  await sworn.signIn.enter({ email, password });
}

export async function signOut(): Promise<void> {
  await sworn.signIn.leave();
}
