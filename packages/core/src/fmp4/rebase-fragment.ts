import { Fmp4Error } from "./fmp4-error.ts";
import { oneBox, readBoxes, viewOf } from "./read-boxes.ts";
import type { Fmp4Init } from "./read-init.ts";

/**
 * A copy of a fragment that begins `shiftMs` later (negative: earlier) and whose sequence numbers start at `sequence`.
 * For senders, before the first hash: a pre-event ring, a fleet that replays one recording. Never for what was received.
 */
export function rebaseFragment(
  fragment: Uint8Array,
  init: Fmp4Init,
  by: { shiftMs: number; sequence: number },
): Uint8Array {
  const bytes = fragment.slice();
  const view = viewOf(bytes);
  let sequence = by.sequence;
  for (const moof of readBoxes(bytes).filter((box) => box.type === "moof")) {
    const boxes = readBoxes(bytes, moof.body, moof.end);
    view.setUint32(oneBox(boxes, "mfhd").body + 4, sequence);
    sequence += 1;
    for (const traf of boxes.filter((box) => box.type === "traf")) {
      const inside = readBoxes(bytes, traf.body, traf.end);
      const trackId = view.getUint32(oneBox(inside, "tfhd").body + 4);
      const timescale = init.tracks.find((track) => track.id === trackId)?.timescale;
      if (timescale === undefined) throw new Fmp4Error("track-unknown", `no track ${trackId}`);
      const tfdt = oneBox(inside, "tfdt");
      const ticks = Math.round((by.shiftMs * timescale) / 1000);
      if (view.getUint8(tfdt.body) === 1) {
        const start = Number(view.getBigUint64(tfdt.body + 4)) + ticks;
        if (start < 0) throw new Fmp4Error("time-back", "a fragment cannot begin before 0");
        view.setBigUint64(tfdt.body + 4, BigInt(start));
      } else {
        const start = view.getUint32(tfdt.body + 4) + ticks;
        if (start < 0 || start > 0xffff_ffff) throw new Fmp4Error("time-back", "a time outside its field");
        view.setUint32(tfdt.body + 4, start);
      }
    }
  }
  return bytes;
}
