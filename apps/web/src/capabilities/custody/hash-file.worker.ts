import { sha256 } from "@noble/hashes/sha2.js";

export interface HashRequest {
  /** An address of this site, or a file of this person's. */
  readonly source: string | Blob;
}
export type HashAnswer =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "hashed"; readonly sha256: string; readonly size: number }
  | { readonly kind: "failed"; readonly reason: string };

const answer = (message: HashAnswer): void => self.postMessage(message, {});

/**
 * Reads it as it streams and hashes it as it passes, so that a file of any size needs no memory.
 * crypto.subtle cannot hash in pieces and is missing on plain-HTTP origins.
 */
self.addEventListener("message", (event: MessageEvent<HashRequest>) => {
  hashStream(event.data.source).catch((error: unknown) =>
    answer({ kind: "failed", reason: error instanceof Error ? error.message : String(error) }),
  );
});

async function hashStream(source: string | Blob): Promise<void> {
  const body = typeof source === "string" ? await bodyOf(source) : source.stream();
  const hash = sha256.create();
  let done = 0;
  let told = 0;
  for await (const piece of body) {
    hash.update(piece);
    done += piece.length;
    const now = performance.now();
    if (now - told < 100) continue;
    told = now;
    answer({ kind: "progress", done });
  }
  const digest = Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
  answer({ kind: "hashed", sha256: digest, size: done });
}

async function bodyOf(url: string): Promise<ReadableStream<Uint8Array>> {
  // The address comes from the SDK; "no-store": what is checked must come from the server, not from a cache.
  const response = await fetch(url, { cache: "no-store" });
  if (!response.ok || response.body === null) throw new Error(`The server answered ${response.status}.`);
  return response.body;
}
