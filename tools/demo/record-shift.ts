import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Sworn } from "@sworn/sdk";
import type { DemoKeys } from "./people.ts";
import { drawStreet, type Street } from "./draw-street.ts";
import { run } from "./server-process.ts";
import { type Walk, walkToNmea } from "./walk.ts";

/** Places in a park of an invented county; the paths are made up. */
const walks: readonly Pick<Walk, "start" | "corners" | "speed">[] = [
  {
    start: { lat: 41.7637, lon: -72.6851 },
    corners: [
      [0, 0],
      [60, 12],
      [72, 70],
      [10, 84],
      [-14, 30],
    ],
    speed: 1.5,
  },
  {
    start: { lat: 41.7641, lon: -72.6836 },
    corners: [
      [0, 0],
      [-40, 30],
      [-90, 26],
      [-70, -20],
    ],
    speed: 1.9,
  },
  {
    start: { lat: 41.7598, lon: -72.6902 },
    corners: [
      [0, 0],
      [220, 40],
      [310, 330],
      [520, 380],
      [560, 120],
    ],
    speed: 11,
  },
];

export interface Shift {
  readonly recordings: number;
  readonly fragments: number;
}

const streets: readonly Street[] = [
  {
    sky: [
      [92, 140, 196],
      [226, 214, 196],
    ],
    ground: [104, 124, 78],
    road: [92, 92, 96],
    lamps: false,
    speed: 1.5,
    sway: 5,
    seed: 3,
  },
  {
    sky: [
      [52, 58, 98],
      [226, 150, 110],
    ],
    ground: [84, 88, 66],
    road: [74, 72, 78],
    lamps: false,
    speed: 1.9,
    sway: 4,
    seed: 5,
  },
  {
    sky: [
      [14, 18, 40],
      [92, 70, 92],
    ],
    ground: [34, 38, 36],
    road: [44, 44, 50],
    lamps: true,
    speed: 11,
    sway: 0.6,
    seed: 9,
  },
];

/**
 * Each demo camera records for so many seconds at once, with positions, and waits until all of it is stored: a drawn
 * street, which takes a moment to draw, or the quick test picture.
 */
export async function recordShift(
  url: string,
  keys: DemoKeys,
  home: string,
  seconds: number,
  picture: "street" | "test",
  say: (line: string) => void,
): Promise<Shift> {
  const shifts = await Promise.all(
    keys.cameras.map(async ({ name, token }, index) => {
      const walk = walks[index % walks.length];
      if (walk === undefined) throw new Error("The demo has no walks.");
      const street = streets[index % streets.length];
      const source = picture === "test" || street === undefined ? "test" : join(home, `street-${index}.mp4`);
      if (street !== undefined && source !== "test") await drawStreet(street, seconds, source);
      const gps = join(home, `walk-${index}.nmea`);
      writeFileSync(gps, walkToNmea({ ...walk, startsAt: new Date(), seconds: seconds + 5 }));
      const args = [
        "camera",
        "--source",
        source,
        "--gps",
        gps,
        "--seconds",
        String(seconds),
        "--spool",
        join(home, `spool-${index}`),
        "--title",
        titles[index] ?? name,
        "--json",
      ];
      const { code, out, err } = await run("apps/cli/src/main.ts", args, { SWORN_URL: url, SWORN_TOKEN: token });
      if (code !== 0) throw new Error(`Camera ${name} failed (${code}):\n${out}${err}`);
      const line = JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as { id: string; fragments: number };
      say(`recorded and stored: ${name}, ${seconds} s of footage in ${line.fragments} pieces`);
      return line;
    }),
  );
  await mediaSettled(
    url,
    keys.reader,
    shifts.map(({ id }) => id),
  );
  return { recordings: shifts.length, fragments: shifts.reduce((sum, { fragments }) => sum + fragments, 0) };
}

const titles = ["Foot patrol, Elm Park", "Traffic stop, Elm St", "Patrol drive, Car 12"];

/** Poster and positions follow a moment after a recording is stored. */
async function mediaSettled(url: string, token: string, ids: readonly string[]): Promise<void> {
  const sworn = new Sworn({ url, token });
  for (const id of ids) {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { state, media, hasPoster } = await sworn.evidence.get(id);
      if (
        state === "stored" &&
        media.state !== "pending" &&
        media.state !== "running" &&
        (hasPoster || media.state !== "ready")
      )
        break;
      if (Date.now() > deadline) throw new Error(`Recording ${id} did not settle: ${state}, media ${media.state}`);
      await pause(300);
    }
  }
}
