import { type MarkerKind, type MarkerPlace, permits, Problem, type Role } from "@sworn/contract";
import { canonicalBytes, hmacSha256 } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";

/** What people wrote, as the log commits to it. */
export interface Texts {
  readonly label: string;
  readonly note: string;
}

/** HMAC-SHA-256(salt, JCS({label, note})): the log proves the texts without holding them. */
export function commitTexts({ label, note }: Texts, salt: Uint8Array): Uint8Array {
  return hmacSha256(salt, canonicalBytes({ label, note }), nodeSha256);
}

/** People's own kinds; the others come from machines and stay as they are. */
export const isPeoples = (kind: MarkerKind): boolean => kind === "tag" || kind === "note";

export function mayChange(
  { actorId, roles }: { readonly actorId: string; readonly roles: readonly Role[] },
  marker: { readonly kind: MarkerKind; readonly created_by: string },
): boolean {
  if (!isPeoples(marker.kind) || !permits(roles, "marker.write")) return false;
  return marker.created_by === actorId || roles.includes("supervisor") || roles.includes("custodian");
}

/** A time beyond the end by less than this is a rounding of the player's. */
const SLACK_MS = 1000;

/** `durationMs` null: not known (yet), then anything goes that the contract takes. */
export function assertPlace(place: MarkerPlace | null, parts: ReadonlyMap<number, number | null>): void {
  if (place === null) return;
  const { take, fromMs, toMs } = place;
  const durationMs = parts.get(take);
  if (durationMs === undefined) throw new Problem("range-outside", "The recording has no such part.");
  if (toMs !== null && toMs <= fromMs)
    throw new Problem("range-outside", "The range ends before it begins. Set its end after its beginning.");
  if (durationMs !== null && Math.max(fromMs, toMs ?? 0) > durationMs + SLACK_MS)
    throw new Problem("range-outside", `This part of the recording is ${(durationMs / 1000).toFixed(1)} s long.`);
}

/** A marker that says nothing helps nobody. */
export function assertSaysSomething({ label, note }: Texts): void {
  if (label === "" && note === "") throw new Problem("request-malformed", "Write a label or a note.");
}

/** Characters that are shown on either side of what was found. */
const AROUND = 60;

/** A line of a text around the first of these words that stands in it, cut between words where there are any. */
export function snippetOf(
  text: string,
  words: readonly string[],
): { readonly before: string; readonly match: string; readonly after: string } {
  const line = text.replaceAll(/\s+/gu, " ");
  const found = words
    .map((word) => new RegExp(word.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "iu").exec(line))
    .filter((one) => one !== null)
    .toSorted((a, b) => a.index - b.index)[0];
  const [from, to] = found === undefined ? [0, 0] : [found.index, found.index + found[0].length];
  const [before, after] = [line.slice(0, from), line.slice(to)];
  return {
    before: before.length <= AROUND ? before : `…${before.slice(-AROUND).replace(/^(?:\p{Cs}|\S+(?= ))/u, "")}`,
    match: line.slice(from, to),
    after: after.length <= AROUND ? after : `${after.slice(0, AROUND).replace(/(?:\p{Cs}|(?<= )\S+)$/u, "")}…`,
  };
}
