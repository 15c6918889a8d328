import { locale, words } from "../../words/index.ts";
import { formatNumber } from "./number.ts";

const two = (value: number): string => String(value).padStart(2, "0");

/** For people: 8 076 000 ms → "2 h 14 min"; 4 520 ms → "4.5 s"; 9 021 ms → "9 s". */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toLocaleString(locale(), { maximumFractionDigits: ms < 10_000 ? 1 : 0 })} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 10) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** For the stage: seconds → "00:03:12.480"; hours are left out where the whole has none. */
export function formatTimecode(seconds: number, options: { hours?: boolean; millis?: boolean } = {}): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const parts = [Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const hours = Math.floor(ms / 3_600_000);
  const clock = (options.hours === true || hours > 0 ? [hours, ...parts] : parts).map(two).join(":");
  return options.millis === false ? clock : `${clock}.${String(ms % 1000).padStart(3, "0")}`;
}

/** Time left, said roughly: people plan in minutes, not in seconds. */
export function formatLeft(seconds: number): string {
  const say = words.frame.left;
  if (seconds < 5) return say.soon;
  if (seconds < 90) return say.about(`${Math.round(seconds / 5) * 5} s`);
  if (seconds < 5400) return say.about(`${Math.round(seconds / 60)} min`);
  return say.about(`${formatNumber(seconds / 3600, 1)} h`);
}
