import { randomBytes } from "node:crypto";
import { SpoolError } from "../../../apps/server/src/ports/spool.ts";
import { serveBroken } from "./serve-broken.ts";

// BROKEN: a spool that never writes. Everything works until the process dies; then what was `received` is gone.
const kept = new Map<string, Uint8Array>();
await serveBroken({
  spool: (real) => ({
    node: real.node,
    append: (sealed) => {
      const segment = `0000000000000-${randomBytes(8).toString("hex")}.spool`;
      kept.set(segment, sealed.slice());
      return Promise.resolve({ node: real.node, segment, offset: 0, size: sealed.length });
    },
    read: (place) => {
      const sealed = kept.get(place.segment);
      if (sealed === undefined) return Promise.reject(new SpoolError("missing", "it was never written"));
      return Promise.resolve(sealed);
    },
    closedSegments: () => real.closedSegments(),
    release: (segment) => real.release(segment),
    rotate: () => real.rotate(),
    stop: () => real.stop(),
  }),
});
