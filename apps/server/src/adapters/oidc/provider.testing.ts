import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Of a real provider, as much as is used here: the package brings no types. */
interface Library {
  callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  interactionFinished(
    request: IncomingMessage,
    response: ServerResponse,
    result: object,
    options: { mergeWithLastSubmission: boolean },
  ): Promise<void>;
  readonly Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<string> };
}
type MakeLibrary = new (issuer: string, configuration: object) => Library;
interface Context {
  readonly oidc: { readonly session: { readonly accountId: string }; readonly client: { readonly clientId: string } };
}

/** Somebody as the provider knows them; `amr`: how they sign in there. */
export interface TestIdentity {
  readonly sub: string;
  readonly email: string;
  readonly verified: boolean;
  readonly amr?: readonly string[];
}

export interface TestProvider {
  readonly issuer: string;
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  /** Who signs in next; null: they press Cancel. */
  next: TestIdentity | null;
  /** Connections are taken and broken off. */
  down: boolean;
  /** Takes the browser's part there, from where Sworn sends it to where it is sent back. */
  visit(url: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts one on this machine; `redirectUri` is asked for when the first browser comes. */
export async function startTestProvider(redirectUri: () => string): Promise<TestProvider> {
  const client = { clientId: "sworn", clientSecret: "a secret that both of them know" };
  const people = new Map<string, TestIdentity>();
  let library: Library | null = null;
  const name: string = "oidc-provider";
  const { default: Make } = (await import(name)) as { default: MakeLibrary };
  const server = createServer((request, response) => {
    if (provider.down) request.socket.destroy();
    else void answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = (): Library => {
    const made: Library = new Make(issuer, {
      clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUri()] }],
      claims: { openid: ["sub", "amr"], email: ["email", "email_verified"] },
      cookies: { keys: ["test"] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_context: unknown, sub: string) => {
        const person = people.get(sub);
        return person === undefined
          ? undefined
          : {
              accountId: sub,
              claims: () => ({ sub, email: person.email, email_verified: person.verified }),
            };
      },
      loadExistingGrant: async ({ oidc: { session, client: asks } }: Context) => {
        const grant = new made.Grant({ clientId: asks.clientId, accountId: session.accountId });
        grant.addOIDCScope("openid email");
        await grant.save();
        return grant;
      },
    });
    return made;
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    library ??= open();
    if (request.url?.startsWith("/interaction/") !== true) return await library.callback()(request, response);
    const { next } = provider;
    if (next !== null) people.set(next.sub, next);
    const result =
      next === null
        ? { error: "access_denied", error_description: "they pressed Cancel" }
        : { login: { accountId: next.sub, ...(next.amr === undefined ? {} : { amr: next.amr }) } };
    await library.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  const provider: TestProvider = {
    issuer,
    client,
    next: null,
    down: false,
    async visit(url) {
      const jar = new Map<string, string>();
      for (let at = url, hops = 0; hops < 8; hops += 1) {
        if (!at.startsWith(issuer)) return at;
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
        const response = await fetch(at, { redirect: "manual", headers: { cookie } });
        for (const line of response.headers.getSetCookie()) {
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          jar.set(name, value);
        }
        const location = response.headers.get("location");
        if (location === null) throw new Error(`${response.status} ${await response.text()}`);
        at = new URL(location, at).href;
      }
      throw new Error("the provider sends its visitors round and round");
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
  return provider;
}
