/** A made-up walk or drive as NMEA 0183, one fix a second, for the demo's software cameras. */
export interface Walk {
  readonly start: { readonly lat: number; readonly lon: number };
  /** Corners relative to the start, in metres east and north. */
  readonly corners: readonly (readonly [east: number, north: number])[];
  /** Metres a second. */
  readonly speed: number;
  readonly startsAt: Date;
  readonly seconds: number;
}

const METRES_PER_DEGREE = 111_320;

export function walkToNmea(walk: Walk): string {
  const lines: string[] = [];
  for (let second = 0; second <= walk.seconds; second += 1) {
    const { east, north, course } = placeAt(walk.corners, second * walk.speed);
    // A receiver in a street is never exact: a slow wobble of a metre or two, the same at every run.
    const lat = walk.start.lat + (north + Math.sin(second / 7) * 1.2) / METRES_PER_DEGREE;
    const lon =
      walk.start.lon + (east + Math.cos(second / 5) * 1.1) / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180));
    lines.push(...sentences(new Date(walk.startsAt.getTime() + second * 1000), lat, lon, walk.speed, course));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function placeAt(corners: Walk["corners"], distance: number): { east: number; north: number; course: number } {
  let left = distance;
  let [east, north] = [0, 0];
  for (let turn = 0; ; turn += 1) {
    const [toEast, toNorth] = corners[turn % corners.length] ?? [0, 0];
    const length = Math.hypot(toEast - east, toNorth - north);
    const course = ((Math.atan2(toEast - east, toNorth - north) * 180) / Math.PI + 360) % 360;
    if (left <= length) {
      const part = length === 0 ? 0 : left / length;
      return { east: east + (toEast - east) * part, north: north + (toNorth - north) * part, course };
    }
    left -= length;
    [east, north] = [toEast, toNorth];
  }
}

function sentences(at: Date, lat: number, lon: number, speed: number, course: number): string[] {
  const time = `${at.toISOString().slice(11, 19).replaceAll(":", "")}.00`;
  const [year, month, day] = at.toISOString().slice(2, 10).split("-");
  const place = `${degrees(lat, 2)},${lat < 0 ? "S" : "N"},${degrees(lon, 3)},${lon < 0 ? "W" : "E"}`;
  return [
    checked(
      `GNRMC,${time},A,${place},${(speed * 1.943_844).toFixed(2)},${course.toFixed(1)},${day}${month}${year},,,A`,
    ),
    checked(`GNGGA,${time},${place},1,14,0.8,61.0,M,-34.0,M,,`),
    checked(`GNGSA,A,3,03,07,11,14,19,22,,,,,,,1.6,0.8,1.4,1`),
    checked(`GNGSA,A,3,65,72,81,,,,,,,,,,1.6,0.8,1.4,2`),
    checked(`GNGSA,A,3,05,09,24,31,,,,,,,,,1.6,0.8,1.4,3`),
    checked(`GNGST,${time},1.9,2.4,1.7,40.0,1.9,2.1,3.8`),
  ];
}

/** ddmm.mmmm or dddmm.mmmm */
function degrees(value: number, digits: number): string {
  const whole = Math.floor(Math.abs(value));
  const minutes = ((Math.abs(value) - whole) * 60).toFixed(5).padStart(8, "0");
  return `${String(whole).padStart(digits, "0")}${minutes}`;
}

function checked(body: string): string {
  let sum = 0;
  for (const letter of body) sum ^= letter.charCodeAt(0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}`;
}
