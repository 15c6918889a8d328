import { types } from "pg";

import { PostgresError } from "./postgres-error.ts";

/**
 * int8 as a number, for these pools only (the parser table of `pg` is global). Counts, sizes and times are
 * far below 2^53; one that is not would lose its last digits silently, so it is refused.
 */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new PostgresError("integer-too-large", `${text} is beyond 2^53.`);
  return value;
}

type ParserOf = typeof types.getTypeParser;

export const poolTypes = {
  getTypeParser(oid: Parameters<ParserOf>[0], format?: "text" | "binary"): unknown {
    // A calendar day has no zone: as a Date it would become the day before in half of the world.
    if (oid === types.builtins.DATE && format !== "binary") return (text: string) => text;
    return oid === types.builtins.INT8 && format !== "binary" ? parseInt8 : types.getTypeParser(oid, format);
  },
};
