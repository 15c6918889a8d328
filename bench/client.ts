import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { once } from "node:events";

// One client for every contender: Node's own HTTP, bodies with a known length, nothing between it and the socket.

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Iterable<Uint8Array>;
  readonly length?: number;
  readonly agent?: Agent;
}

/** Keeps `sockets` connections open. */
export const makeAgent = (sockets: number): Agent => new Agent({ keepAlive: true, maxSockets: sockets });

export async function call({ method, url, headers = {}, body, length = 0, agent }: Call): Promise<Answer> {
  const sent = request(url, {
    method,
    headers: { ...headers, "content-length": String(length) },
    ...(agent === undefined ? {} : { agent }),
  });
  const answered = once(sent, "response");
  answered.catch(() => undefined); // looked at below, after the body
  for (const piece of body ?? []) if (!sent.write(piece)) await Promise.race([once(sent, "drain"), answered]);
  sent.end();
  const [response] = (await answered) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() };
}

export async function callOk(options: Call): Promise<Answer> {
  const answer = await call(options);
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`${options.method} ${options.url}: ${answer.status} ${answer.text.slice(0, 500)}`);
  return answer;
}
