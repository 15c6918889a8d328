import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";

/** Browsers bind passkeys to a name: at a bare address there are none. */
export const passkeysWork = (): boolean =>
  "PublicKeyCredential" in globalThis && isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname);

/** Asks the browser for a passkey of this site, and signs in with it. */
export async function enterByPasskey(): Promise<void> {
  const optionsJSON = (await sworn.signIn.beginByPasskey()) as unknown as PublicKeyCredentialRequestOptionsJSON;
  await sworn.signIn.enterByPasskey(await asked(() => startAuthentication({ optionsJSON })));
}

/** Lets the browser make one for the account that is signed in. */
export async function makePasskey(name: string, password: string): Promise<void> {
  const options = await sworn.signIn.beginPasskey(password);
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  await sworn.signIn.addPasskey(name, await asked(() => startRegistration({ optionsJSON })));
}

/** What a browser says when somebody changes their mind is written for programmers. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const exists = cause instanceof Error && cause.name === "InvalidStateError";
    throw new Error(exists ? words.people.passkeys.exists : words.people.passkeys.stopped, { cause });
  }
}
