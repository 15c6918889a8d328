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
// A day of ten a second, and some. The samples of a file may all be one and the same stretch of it: without a limit
// a small file makes gigabytes of positions.
const MAX_POSITIONS = 1_000_000;
const EPOCH_2000 = Date.UTC(2000, 0, 1);
// A time stamp further than this from its payload belongs to another clock (chapters of one long recording).
const STAMP_TRUSTED_MS = 1500;

/** Positions of one payload before they have their place on the time line. */
interface Batch {
  readonly payload: GpmfPayload;
  /** STMP: when the first of them was taken, by the camera's own clock from the start of the recording. */
  readonly stamp: number | null;
  readonly began: number | null;
  /** How many the payload holds, those left out included: they take their share of the time. */
  readonly count: number;
  readonly rows: { i: number; at: number | null; fix: Omit<PositionFix, "offsetMs" | "at"> }[];
}

/**
 * Positions of a GoPro: GPS5 (HERO5 to HERO10, MAX) and GPS9 (HERO11 and later). Offsets come from the camera's time
 * stamps (STMP) where it writes them, else a payload's positions are spread evenly over its time on the picture's
 * line. Wall-clock times come from GPSU or GPS9. Never throws on any bytes: what cannot be used is counted.
 */
export function readGpmf(payloads: Iterable<GpmfPayload>): GpmfTrack {
  const refused: Refusals<GpmfRefusal> = {};
  const refuse = (code: GpmfRefusal): void => countRefusal(refused, code);
  const batches: Batch[] = [];
  let left = MAX_POSITIONS;
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
      for (const strm of richer.length > 0 ? richer : streams) {
        const batch = readStream(strm.children, payload, left, refuse);
        if (batch === null) continue;
        left -= batch.count;
        batches.push(batch);
      }
    }
  }
  return { fixes: batches.flatMap((batch, k) => place(batch, batches[k - 1], batches[k + 1])), refused, device };
}

function readStream(
  stream: readonly Klv[],
  payload: GpmfPayload,
  left: number,
  refuse: (code: GpmfRefusal) => void,
): Batch | null {
  const values = stream.find((klv) => klv.key === "GPS5" || klv.key === "GPS9");
  if (values === undefined) return null;
  if (values.repeat > left) {
    refuse("too-many-positions");
    return null;
  }
  const nine = values.key === "GPS9";
  const find = (key: string): Klv | undefined => stream.find((klv) => klv.key === key);
  const number = (key: string): number | undefined => {
    const klv = find(key);
    return klv === undefined ? undefined : readNumbers(klv, null, 1)?.[0]?.[0];
  };
  const type = find("TYPE");
  const rows = readNumbers(values, type === undefined ? null : readText(type));
  const scale = readScale(find("SCAL"), nine ? 9 : 5);
  if (rows === null || scale === null || rows.some((row) => row.length !== scale.length)) {
    refuse("stream-malformed");
    return null;
  }
  const utc = find("GPSU");
  const micros = number("STMP");
  // GPSF: 0 no lock, 2 two-dimensional, 3 with height. Without it the old firmware had a lock.
  const lock = number("GPSF") ?? 3;
  const batch: Batch = {
    payload,
    stamp: micros === undefined || !Number.isFinite(micros) ? null : micros / 1000,
    began: utc === undefined ? null : readUtc(readText(utc)),
    count: rows.length,
    rows: [],
  };
  rows.forEach((row, i) => {
    const scaled = row.map((value, k) => value / (scale[k] ?? 1));
    const [lat = 0, lon = 0, alt = 0, speed = 0, , days = 0, seconds = 0, , ownLock = 0] = scaled;
    const state = nine ? ownLock : lock;
    if (state < 2) return refuse("no-lock");
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || (lat === 0 && lon === 0)) return refuse("out-of-range");
    batch.rows.push({
      i,
      at: nine ? EPOCH_2000 + days * DAY_MS + seconds * 1000 : null,
      fix: {
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
      },
    });
  });
  return batch;
}

/** Puts a batch on the time line: from its own stamp at the pace up to the next one, or over its payload's time. */
function place(batch: Batch, before: Batch | undefined, after: Batch | undefined): PositionFix[] {
  const { payload, count } = batch;
  const stamp = trusted(batch);
  const pace = stamp === null ? null : (paceOf(batch, after) ?? paceOf(before, batch));
  const start = stamp === null || pace === null ? payload.startMs : stamp;
  const step = pace ?? payload.durationMs / Math.max(1, count);
  return batch.rows.map(({ i, at, fix }) => {
    const within = step * i;
    const wall = at ?? (batch.began === null ? null : batch.began + within);
    return { offsetMs: Math.max(0, Math.round(start + within)), at: toInstant(wall), ...fix };
  });
}

function trusted(batch: Batch): number | null {
  const { stamp, payload } = batch;
  return stamp !== null && Math.abs(stamp - payload.startMs) <= STAMP_TRUSTED_MS ? stamp : null;
}

/** Milliseconds per position between two neighbouring stamps, or null where they cannot tell. */
function paceOf(first: Batch | undefined, second: Batch | undefined): number | null {
  if (first === undefined || second === undefined || first.count === 0) return null;
  const [from, to] = [trusted(first), trusted(second)];
  return from === null || to === null || to <= from ? null : (to - from) / first.count;
}

/** One divisor per column; a single one stands for all. */
function readScale(klv: Klv | undefined, columns: number): number[] | null {
  if (klv === undefined) return null;
  const scale = readNumbers(klv, null, columns + 1)?.flat() ?? [];
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
