import { addSentence, type Epoch, newEpoch, timeIn } from "./nmea-epoch.ts";
import { Malformed } from "./nmea-fields.ts";
import { type NmeaRefusal, parseSentence } from "./nmea-sentence.ts";
import {
  type Constellation,
  countRefusal,
  DAY_MS,
  type PositionFix,
  type Refusals,
  roundTo,
  toInstant,
} from "./position-fix.ts";

export interface NmeaReader {
  /** One line of the stream. Answers the fix of the moment before, once a sentence shows that it is over. */
  push(line: string): PositionFix | null;
  /** The moment still open, at the end of a stream. */
  flush(): PositionFix | null;
  /** Lines left out so far, by reason. Only grows. */
  readonly refused: Refusals<NmeaRefusal>;
  /** Lines that were understood, whether or not they held a position. */
  readonly understood: number;
}

/** How long the satellites named by GSA speak for later moments: fast receivers send them once a second. */
const GSA_HOLDS_MS = 5000;

/**
 * Reads NMEA 0183 line by line, from any talker. `offsetMs` of a fix counts from the first moment that had a time.
 * Dates come from RMC and ZDA only; a time without a date stays without one. Never throws: what cannot be read
 * is counted in `refused`.
 */
export function createNmeaReader(): NmeaReader {
  const refused: Refusals<NmeaRefusal> = {};
  let understood = 0;
  let epoch: Epoch = newEpoch(undefined);
  // Days that have passed since the first moment, seen from times that fell back by about a day.
  let days = 0;
  let firstTime: number | undefined;
  let lastTime: number | undefined;
  let dated: { date: number; day: number } | null = null;
  let lastUsed: { used: Constellation[]; at: number } | null = null;

  const finish = (): PositionFix | null => {
    const { time, place } = epoch;
    if (time === undefined) return null;
    if (epoch.date !== undefined) dated = { date: epoch.date, day: days };
    const now = days * DAY_MS + time;
    if (epoch.used.size > 0) lastUsed = { used: [...epoch.used].toSorted(), at: now };
    if (place === undefined) return null;
    const known = lastUsed !== null && now - lastUsed.at <= GSA_HOLDS_MS ? lastUsed.used : null;
    const midnight = dated === null ? null : dated.date + (days - dated.day) * DAY_MS;
    return {
      offsetMs: Math.max(0, now - (firstTime ?? now)),
      at: toInstant(midnight === null ? null : midnight + time),
      lat: roundTo(place.lat, 7),
      lon: roundTo(place.lon, 7),
      alt: rounded(epoch.alt, 2),
      speed: epoch.speed === undefined || epoch.speed < 0 ? null : roundTo(epoch.speed, 3),
      course: rounded(epoch.course, 2),
      accuracy: rounded(epoch.accuracy, 2),
      satellites: epoch.satellites === undefined ? null : Math.trunc(epoch.satellites),
      constellations: known === null ? (epoch.talker === undefined ? [] : [epoch.talker]) : [...known],
      method: epoch.method,
    };
  };

  const begin = (time: number): PositionFix | null => {
    const fix = finish();
    if (lastTime !== undefined && time < lastTime) days += 1;
    firstTime ??= time;
    lastTime = time;
    epoch = newEpoch(time);
    return fix;
  };

  return {
    refused,
    get understood() {
      return understood;
    },
    push(line) {
      if (line.trim() === "") return null;
      const sentence = parseSentence(line);
      if (typeof sentence === "string") {
        countRefusal(refused, sentence);
        return null;
      }
      try {
        const time = timeIn(sentence);
        if (time !== undefined && lastTime !== undefined && time < lastTime && lastTime - time < DAY_MS / 2) {
          // A receiver that jumps back, or two logs in one file: order is what a track is.
          countRefusal(refused, "time-back");
          return null;
        }
        // Judged on a copy first: a sentence that is half readable must not open a moment or leave half of itself.
        addSentence(newEpoch(time), sentence);
        const fix = time !== undefined && time !== epoch.time ? begin(time) : null;
        addSentence(epoch, sentence);
        understood += 1;
        return fix;
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        countRefusal(refused, error.code);
        return null;
      }
    },
    flush() {
      const fix = finish();
      epoch = newEpoch(epoch.time);
      return fix;
    },
  };
}

function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : roundTo(value, digits);
}

export interface NmeaTrack {
  readonly fixes: PositionFix[];
  readonly refused: Refusals<NmeaRefusal>;
  readonly understood: number;
}

/** A whole log at once. Any text is taken; one without a single readable sentence gives no fixes. */
export function readNmea(text: string): NmeaTrack {
  const reader = createNmeaReader();
  const fixes: PositionFix[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const fix = reader.push(line);
    if (fix !== null) fixes.push(fix);
  }
  const last = reader.flush();
  if (last !== null) fixes.push(last);
  return { fixes, refused: reader.refused, understood: reader.understood };
}
