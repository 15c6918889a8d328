import { request } from "node:http";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Which loopback address asks: tries to sign in are counted by address. */
  readonly from?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The closed code of a problem document; null for anything else. */
  readonly code: string | null;
}

/** One plain request, without what `fetch` adds or forbids. */
export function ask(url: string, { method, path, headers = {}, body, from }: Asked): Promise<Answer> {
  const text = body === undefined ? null : JSON.stringify(body);
  const sent = text === null ? headers : { "content-type": "application/json", ...headers };
  return new Promise((resolve, reject) => {
    const options = { method, headers: sent, ...(from === undefined ? {} : { localAddress: from }) };
    const asking = request(new URL(path, url), options, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const whole = Buffer.concat(parts);
        const { statusCode: status = 0, headers: got } = answer;
        resolve({ status, headers: got, body: whole, code: codeOf(String(got["content-type"]), whole) });
      });
    });
    asking.on("error", reject);
    asking.end(text ?? undefined);
  });
}

function codeOf(type: string, body: Buffer): string | null {
  if (!type.startsWith("application/problem+json") || body.length === 0) return null;
  return (JSON.parse(body.toString("utf8")) as { code: string }).code;
}

/** The cookie of somebody who signed in with a password, from an address of their own. */
export async function signIn(url: string, email: string, password: string, from: string): Promise<string> {
  const answer = await ask(url, {
    method: "POST",
    path: "/api/auth/sign-in/email",
    headers: { origin: new URL(url).origin },
    body: { email, password },
    from,
  });
  if (answer.status !== 200) throw new Error(`${email} could not sign in: ${answer.status} ${answer.body.toString()}`);
  return [answer.headers["set-cookie"] ?? []]
    .flat()
    .map((line) => line.split(";", 1)[0])
    .join("; ");
}

/** How many requests of a walk are under way at once: enough to keep the server busy, too few to be turned away. */
const AT_ONCE = 8;

/** Does the work for each of them, several at once, in no order. */
export async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const one of left) await work(one);
    }),
  );
}
