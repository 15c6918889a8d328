import { type GpmfRefusal, type Klv, readKlv, readNumbers, readText } from "./gpmf-klv.ts";
import { countRefusal, DAY_MS, type PositionFix, type Refusals, roundTo, toInstant } from "./position-fix.ts";

/** One sample of an MP4's gpmd track, with its place on the picture's time line. */
export interface GpmfPayload {
  readonly bytes: Uint8Array;
  readonly startMs: number;
  readonly durationMs: number;
}
export interface GpmfTrack {
  readonly fixes: PositionFix[];
  readonly refused: Refusals<GpmfRefusal>;
  /** What the camera calls itself (DVNM), as it says it. */
  readonly device: string | null;
}

const MAX_PAYLOAD = 4 * 1024 * 1024;
const EPOCH_2000 = Date.UTC(2000, 0, 1);

/**
 * Positions of a GoPro: GPS5 (HERO5 to HERO10, MAX) and GPS9 (HERO11 and later). A payload's positions are spread
 * evenly over its time on the picture's line, as GoPro's own reader does; wall-clock times come from GPSU or GPS9.
 * Never throws on any bytes: what cannot be used is counted.
 */
export function readGpmf(payloads: Iterable<GpmfPayload>): GpmfTrack {
  const refused: Refusals<GpmfRefusal> = {};
  const refuse = (code: GpmfRefusal): void => countRefusal(refused, code);
  const fixes: PositionFix[] = [];
  let device: string | null = null;
  for (const payload of payloads) {
    if (payload.bytes.length > MAX_PAYLOAD) {
      refuse("payload-too-large");
      continue;
    }
    for (const devc of readKlv(payload.bytes, refuse).filter((klv) => klv.key === "DEVC")) {
      const named = devc.children.find((klv) => klv.key === "DVNM");
      if (named !== undefined) device ??= readText(named).replaceAll(/[^\x20-\x7e]/g, "?");
      const streams = devc.children.filter((klv) => klv.key === "STRM");
      // Some firmware writes both: GPS9 knows more per position, and one place must not appear twice.
      const richer = streams.filter((strm) => strm.children.some((klv) => klv.key === "GPS9"));
      for (const strm of richer.length > 0 ? richer : streams) readStream(strm.children, payload, fixes, refuse);
    }
  }
  return { fixes, refused, device };
}

function readStream(
  stream: readonly Klv[],
  payload: GpmfPayload,
  fixes: PositionFix[],
  refuse: (code: GpmfRefusal) => void,
): void {
  const values = stream.find((klv) => klv.key === "GPS5" || klv.key === "GPS9");
  if (values === undefined) return;
  const nine = values.key === "GPS9";
  const find = (key: string): Klv | undefined => stream.find((klv) => klv.key === key);
  const number = (key: string): number | undefined => {
    const klv = find(key);
    return klv === undefined ? undefined : readNumbers(klv)?.[0]?.[0];
  };
  const type = find("TYPE");
  const rows = readNumbers(values, type === undefined ? null : readText(type));
  const scale = readScale(find("SCAL"), nine ? 9 : 5);
  if (rows === null || scale === null || rows.some((row) => row.length !== scale.length))
    return refuse("stream-malformed");
  const utc = find("GPSU");
  const began = utc === undefined ? null : readUtc(readText(utc));
  // GPSF: 0 no lock, 2 two-dimensional, 3 with height. Without it the old firmware had a lock.
  const lock = number("GPSF") ?? 3;
  rows.forEach((row, i) => {
    const [lat = 0, lon = 0, alt = 0, speed = 0, , days = 0, seconds = 0, , ownLock = 0] = row.map(
      (value, k) => value / (scale[k] ?? 1),
    );
    const state = nine ? ownLock : lock;
    if (state < 2) return refuse("no-lock");
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || (lat === 0 && lon === 0)) return refuse("out-of-range");
    const within = (payload.durationMs * i) / rows.length;
    const at = nine ? EPOCH_2000 + days * DAY_MS + seconds * 1000 : began === null ? null : began + within;
    fixes.push({
      offsetMs: Math.max(0, Math.round(payload.startMs + within)),
      at: toInstant(at),
      lat: roundTo(lat, 7),
      lon: roundTo(lon, 7),
      alt: state >= 3 && Number.isFinite(alt) ? roundTo(alt, 3) : null,
      speed: Number.isFinite(speed) && speed >= 0 ? roundTo(speed, 3) : null,
      course: null,
      // GPSP is a dilution, not metres: turning one into the other would be inventing an accuracy.
      accuracy: null,
      satellites: null,
      constellations: [],
      method: "gnss",
    });
  });
}

/** One divisor per column; a single one stands for all. */
function readScale(klv: Klv | undefined, columns: number): number[] | null {
  if (klv === undefined) return null;
  const scale = readNumbers(klv)?.flat() ?? [];
  const all = scale.length === 1 ? Array.from({ length: columns }, () => scale[0] ?? 0) : scale;
  return all.length === columns && all.every((value) => Number.isFinite(value) && value !== 0) ? all : null;
}

/** `yymmddhhmmss.sss` in UTC. */
function readUtc(text: string): number | null {
  const match = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2}(?:\.\d{1,6})?)$/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second >= 61) return null;
  return Date.UTC(2000 + year, month - 1, day, hour, minute) + second * 1000;
}
