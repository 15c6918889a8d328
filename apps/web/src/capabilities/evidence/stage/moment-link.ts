import type { PlayerState } from "./player.ts";

/** What an address says about the picture. */
export interface Moment {
  readonly t?: number;
  readonly in?: number;
  readonly out?: number;
  readonly loop?: 1;
}

const toMs = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** Where the picture is and which range is chosen, in milliseconds' exactness; what says nothing is left out. */
export function momentOf(state: Pick<PlayerState, "time" | "rangeIn" | "rangeOut" | "looping">): Moment {
  const { time, rangeIn, rangeOut, looping } = state;
  return {
    ...(toMs(time) === 0 ? {} : { t: toMs(time) }),
    ...(rangeIn === null ? {} : { in: toMs(rangeIn) }),
    ...(rangeOut === null ? {} : { out: toMs(rangeOut) }),
    ...(looping ? { loop: 1 as const } : {}),
  };
}

/** For sending to somebody: always with its time. */
export function linkTo(page: string, state: PlayerState): string {
  const link = new URL(page);
  link.search = "";
  link.searchParams.set("t", state.time.toFixed(3));
  const { in: from, out, loop } = momentOf(state);
  for (const [name, value] of Object.entries({ in: from, out, loop }))
    if (value !== undefined) link.searchParams.set(name, String(value));
  return link.href;
}
