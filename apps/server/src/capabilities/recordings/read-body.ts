import type { IncomingMessage } from "node:http";
import { Problem } from "@sworn/contract";

export interface BodyLimits {
  readonly maxBytes: number;
  /** Below this average, after `graceMs`, the sender is cut off: sockets held open by nothing are an attack. */
  readonly minBytesPerSecond: number;
  readonly graceMs: number;
}

// A camera sends one fragment after the other; a few at once when it catches up.
const SHARE = 1 / 8;

/**
 * Bytes of bodies in memory at once, over all senders; one more is told to come back (`busy`). No sender holds more
 * than an eighth: one stolen key that announces much and sends slowly must not keep every other camera out.
 */
export class BodyBudget {
  readonly #limit: number;
  readonly #bySender = new Map<string, number>();
  #held = 0;
  constructor(limit: number) {
    this.#limit = limit;
  }

  get held(): number {
    return this.#held;
  }

  take(sender: string, bytes: number): void {
    const own = (this.#bySender.get(sender) ?? 0) + bytes;
    if (this.#held + bytes > this.#limit || own > this.#limit * SHARE) throw new Problem("busy");
    this.#held += bytes;
    this.#bySender.set(sender, own);
  }

  give(sender: string, bytes: number): void {
    this.#held -= bytes;
    const own = (this.#bySender.get(sender) ?? 0) - bytes;
    if (own > 0) this.#bySender.set(sender, own);
    else this.#bySender.delete(sender);
  }
}

/**
 * The whole body in memory: `body-too-large`, `client-too-slow`, `request-malformed` when the sender leaves early.
 * Nothing of a body that does not arrive whole is kept. `use` runs while the budget still counts the bytes.
 */
export async function withBody<T>(
  raw: IncomingMessage,
  limits: BodyLimits,
  budget: BodyBudget,
  sender: string,
  use: (bytes: Buffer) => Promise<T>,
): Promise<T> {
  const declared = Number(raw.headers["content-length"] ?? "NaN");
  if (declared > limits.maxBytes) throw tooLarge(limits);
  const reserved = Number.isSafeInteger(declared) && declared >= 0 ? declared : limits.maxBytes;
  budget.take(sender, reserved);
  try {
    return await use(await read(raw, limits));
  } finally {
    budget.give(sender, reserved);
  }
}

async function read(raw: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  const began = performance.now();
  let watch: NodeJS.Timeout | undefined;
  const left = (cause?: unknown): Problem =>
    new Problem("request-malformed", "The connection ended before the body was whole.", { cause });
  try {
    await new Promise<void>((resolve, reject) => {
      watch = setInterval(() => {
        const elapsed = performance.now() - began;
        const wanted = (elapsed / 1000) * limits.minBytesPerSecond;
        if (elapsed > limits.graceMs && size < wanted) reject(new Problem("client-too-slow"));
      }, 250);
      raw.on("data", (part: Buffer) => {
        size += part.length;
        if (size > limits.maxBytes) reject(tooLarge(limits));
        else parts.push(part);
      });
      raw.once("end", resolve);
      raw.once("error", (error) => reject(left(error)));
      raw.once("close", () => reject(left()));
    });
  } finally {
    clearInterval(watch);
    raw.removeAllListeners("data");
    raw.pause();
  }
  return Buffer.concat(parts, size);
}

const tooLarge = (limits: BodyLimits): Problem =>
  new Problem("body-too-large", `At most ${limits.maxBytes} bytes are taken here.`);
