import type { Constellation } from "./position-fix.ts";

// Each reader answers undefined for an empty field (the source did not say) and throws Malformed for a wrong one.

export class Malformed extends Error {
  readonly code: "field-malformed" | "out-of-range";
  constructor(code: "field-malformed" | "out-of-range") {
    super(code);
    this.code = code;
  }
}

export function decimal(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^-?\d{1,9}(\.\d{0,9})?$/.test(text)) throw new Malformed("field-malformed");
  return Number(text);
}

/** `hhmmss.sss` as milliseconds of the day; 60 is a leap second and counts as the next. */
export function timeOfDay(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const match = /^(\d{2})(\d{2})(\d{2})(\.\d{0,6})?$/.exec(text);
  if (match === null) throw new Malformed("field-malformed");
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (hours > 23 || minutes > 59 || seconds > 60) throw new Malformed("out-of-range");
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + Math.round(Number(`0${match[4] ?? ""}`) * 1000);
}

/** `ddmm.mmmm` or `dddmm.mmmm` with its hemisphere, in degrees. */
export function angle(text: string | undefined, side: string | undefined, axis: "lat" | "lon"): number | undefined {
  if (text === undefined || text === "") return undefined;
  const match = (axis === "lat" ? /^(\d{2})(\d{2}(?:\.\d{0,9})?)$/ : /^(\d{3})(\d{2}(?:\.\d{0,9})?)$/).exec(text);
  const [plus, minus] = axis === "lat" ? ["N", "S"] : ["E", "W"];
  if (match === null || (side !== plus && side !== minus)) throw new Malformed("field-malformed");
  const minutes = Number(match[2]);
  const degrees = Number(match[1]) + minutes / 60;
  if (minutes >= 60 || degrees > (axis === "lat" ? 90 : 180)) throw new Malformed("out-of-range");
  return side === minus ? -degrees : degrees;
}

/** Midnight UTC of `ddmmyy`; two-digit years from 80 are the last century's (GPS began in 1980). */
export function dateOf(day: number, month: number, year: number): number {
  const ms = Date.UTC(year, month - 1, day);
  const back = new Date(ms);
  // Date.UTC turns 31 February into March: a date that does not come back was none.
  if (back.getUTCDate() !== day || back.getUTCMonth() !== month - 1) throw new Malformed("out-of-range");
  return ms;
}

export function shortDate(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^\d{6}$/.test(text)) throw new Malformed("field-malformed");
  const [day, month, year] = [text.slice(0, 2), text.slice(2, 4), text.slice(4)].map(Number);
  return dateOf(day ?? 0, month ?? 0, (year ?? 0) + ((year ?? 0) >= 80 ? 1900 : 2000));
}

const byTalker: Readonly<Record<string, Constellation>> = {
  GP: "GPS",
  GL: "GLONASS",
  GA: "Galileo",
  GB: "BeiDou",
  BD: "BeiDou",
  GQ: "QZSS",
  QZ: "QZSS",
  GI: "NavIC",
};
const bySystem: Readonly<Record<string, Constellation>> = {
  "1": "GPS",
  "2": "GLONASS",
  "3": "Galileo",
  "4": "BeiDou",
  "5": "QZSS",
  "6": "NavIC",
};

export const constellationOfTalker = (talker: string): Constellation | undefined => byTalker[talker];

/** Constellation of one satellite in GSA: the system id where given, else the talker, else the number's range. */
export function constellationOf(
  talker: string,
  system: string | undefined,
  satellite: number,
): Constellation | undefined {
  const known = bySystem[system ?? ""] ?? byTalker[talker];
  // GPS counts the augmentation satellites as 33 to 64 of its own.
  if ((known === undefined || known === "GPS") && satellite >= 33 && satellite <= 64) return "SBAS";
  if (known !== undefined) return known;
  if (satellite >= 1 && satellite <= 32) return "GPS";
  if (satellite >= 65 && satellite <= 96) return "GLONASS";
  if (satellite >= 193 && satellite <= 200) return "QZSS";
  if (satellite >= 201 && satellite <= 264) return "BeiDou";
  if (satellite >= 301 && satellite <= 336) return "Galileo";
  if (satellite >= 401 && satellite <= 464) return "BeiDou";
  return undefined;
}
