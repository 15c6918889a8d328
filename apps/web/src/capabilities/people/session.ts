import { sworn } from "../../app/server.ts";

/** Sign-in speaks better-auth's own two addresses; everything else is the API. */
export async function signIn(email: string, password: string): Promise<void> {
  await sworn.http.call("POST", sworn.http.url("/api/auth/sign-in/email"), { json: { email, password } });
}

export async function signOut(): Promise<void> {
  await sworn.http.call("POST", sworn.http.url("/api/auth/sign-out"), { json: {} });
}
