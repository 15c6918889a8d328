import { locale } from "../../words/index.ts";

/** A number as the chosen language writes it, with exactly so many decimals: 3.7 or 3,7. */
export function formatNumber(value: number, decimals = 0): string {
  return value.toLocaleString(locale(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
