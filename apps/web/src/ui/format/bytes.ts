import { formatNumber } from "./number.ts";

const units = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;

/** Decimal units, as disks and drives are labelled: 3 680 760 → "3.7 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${formatNumber(value, digits)} ${units[unit] ?? "bytes"}`;
}

/** Bytes per second. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}
