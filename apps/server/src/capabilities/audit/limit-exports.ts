import { Problem } from "@sworn/contract";

/** An export reads the log for minutes: a few at a time leave the rest of the agency its database. */
const MOST_OF_PERSON = 2;
const MOST_OF_AGENCY = 4;

/** Takes a place, or throws `rate-limited`. The answer gives it back, as does the asker's leaving. */
export type ExportLimit = (
  who: { readonly agencyId: string; readonly actorId: string },
  signal: AbortSignal,
) => () => void;

/** Counted in this process: behind several servers the bounds are each one's. */
export function limitExports(): ExportLimit {
  const running = new Map<symbol, { readonly agencyId: string; readonly actorId: string }>();
  return ({ agencyId, actorId }, signal) => {
    if (signal.aborted) throw new Problem("busy");
    const agencys = [...running.values()].filter((each) => each.agencyId === agencyId);
    const own = agencys.filter((each) => each.actorId === actorId).length;
    if (own >= MOST_OF_PERSON)
      throw new Problem("rate-limited", "Two exports of yours are running. Wait for one of them to end.");
    if (agencys.length >= MOST_OF_AGENCY)
      throw new Problem("rate-limited", "Four exports are running in this agency. Try again when one has ended.");
    const place = Symbol(actorId);
    running.set(place, { agencyId, actorId });
    const leave = (): void => {
      running.delete(place);
    };
    signal.addEventListener("abort", leave, { once: true });
    return leave;
  };
}

/** The pieces; the place is given back with the last one. */
export async function* thenLeave(pieces: AsyncIterable<Uint8Array>, leave: () => void): AsyncIterable<Uint8Array> {
  try {
    yield* pieces;
  } finally {
    leave();
  }
}
