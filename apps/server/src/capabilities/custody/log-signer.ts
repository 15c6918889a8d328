import { type NoteSigner, parseVkey } from "@sworn/core";

import type { KeyRing } from "../../ports/key-ring.ts";

/** The log's key as a note signer; its name is the log's origin. The private half stays in the key ring. */
export function logSigner(keyRing: Pick<KeyRing, "logVkey" | "signLog">): NoteSigner {
  return { key: parseVkey(keyRing.logVkey), sign: (message) => keyRing.signLog(message) };
}
