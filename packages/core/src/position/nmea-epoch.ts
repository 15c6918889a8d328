import {
  angle,
  constellationOf,
  constellationOfTalker,
  dateOf,
  decimal,
  Malformed,
  shortDate,
  timeOfDay,
} from "./nmea-fields.ts";
import type { NmeaSentence } from "./nmea-sentence.ts";
import type { Constellation, PositionMethod } from "./position-fix.ts";

/** What the sentences of one moment said so far. Later sentences of the moment fill in, they do not erase. */
export interface Epoch {
  time: number | undefined;
  /** Midnight UTC, only from RMC or ZDA. */
  date: number | undefined;
  place: { lat: number; lon: number } | undefined;
  alt: number | undefined;
  speed: number | undefined;
  course: number | undefined;
  accuracy: number | undefined;
  satellites: number | undefined;
  method: PositionMethod;
  /** From GSA: what the solution really used. */
  used: Set<Constellation>;
  /** From the talker of RMC or GGA, which names one constellation unless it is GN. */
  talker: Constellation | undefined;
}

export const newEpoch = (time: number | undefined): Epoch => ({
  time,
  date: undefined,
  place: undefined,
  alt: undefined,
  speed: undefined,
  course: undefined,
  accuracy: undefined,
  satellites: undefined,
  method: "unknown",
  used: new Set(),
  talker: undefined,
});

const KNOT = 1852 / 3600;

/** The time of day a sentence carries, or undefined: GSA, GSV and VTG belong to the moment that is open. */
export function timeIn({ type, fields }: NmeaSentence): number | undefined {
  return ["RMC", "GGA", "GST", "ZDA"].includes(type) ? timeOfDay(fields[0]) : undefined;
}

/** Adds what a sentence says. Throws Malformed before it has changed anything. */
export function addSentence(epoch: Epoch, sentence: NmeaSentence): void {
  const { fields, talker } = sentence;
  switch (sentence.type) {
    case "RMC": {
      const date = shortDate(fields[8]);
      const place = placeOf(fields, 2);
      const [speed, course] = [decimal(fields[6]), courseOf(fields[7])];
      // V: the receiver warns that this is not to be used. Mode N or E overrides an A.
      const mode = fields[11] ?? "";
      if (fields[1] !== "A" || mode === "N") {
        epoch.date ??= date;
        return;
      }
      epoch.date = date ?? epoch.date;
      epoch.place ??= place;
      epoch.speed ??= speed === undefined ? undefined : speed * KNOT;
      epoch.course ??= course;
      epoch.talker ??= constellationOfTalker(talker);
      if (epoch.method === "unknown")
        epoch.method = mode === "E" ? "dead-reckoning" : mode === "S" || mode === "M" ? "unknown" : "gnss";
      return;
    }
    case "GGA": {
      const place = placeOf(fields, 1);
      const [quality, satellites, alt] = [decimal(fields[5]), decimal(fields[6]), decimal(fields[8])];
      if (quality === undefined || quality === 0 || quality > 8) return;
      epoch.place = place ?? epoch.place;
      epoch.alt = alt;
      epoch.satellites = satellites;
      epoch.talker ??= constellationOfTalker(talker);
      epoch.method = quality === 6 ? "dead-reckoning" : quality >= 7 ? "unknown" : "gnss";
      return;
    }
    case "GSA": {
      // Twelve numbers of used satellites; the system id came with NMEA 4.10, after the three dilutions.
      const used = fields
        .slice(2, 14)
        .map(decimal)
        .filter((satellite) => satellite !== undefined);
      if (fields[1] === "1") return;
      for (const satellite of used) {
        const constellation = constellationOf(talker, fields[17], satellite);
        if (constellation !== undefined) epoch.used.add(constellation);
      }
      return;
    }
    case "GST": {
      const [lat, lon] = [decimal(fields[5]), decimal(fields[6])];
      if (lat !== undefined && lon !== undefined) epoch.accuracy = Math.hypot(lat, lon);
      return;
    }
    case "VTG": {
      const [course, speed] = [courseOf(fields[0]), decimal(fields[6])];
      if (fields[8] === "N") return;
      epoch.course ??= course;
      epoch.speed ??= speed === undefined ? undefined : speed / 3.6;
      return;
    }
    case "ZDA": {
      const [day, month, year] = [decimal(fields[1]), decimal(fields[2]), decimal(fields[3])];
      if (day !== undefined && month !== undefined && year !== undefined) epoch.date = dateOf(day, month, year);
      return;
    }
    default:
      // GSV: satellites in view are not satellites used, so nothing of it becomes part of a fix.
      fields.slice(0, 3).forEach(decimal);
  }
}

function placeOf(fields: readonly string[], at: number): { lat: number; lon: number } | undefined {
  const lat = angle(fields[at], fields[at + 1], "lat");
  const lon = angle(fields[at + 2], fields[at + 3], "lon");
  return lat === undefined || lon === undefined ? undefined : { lat, lon };
}

function courseOf(text: string | undefined): number | undefined {
  const course = decimal(text);
  if (course !== undefined && (course < 0 || course > 360)) throw new Malformed("out-of-range");
  return course;
}
