const slow = process.env["SLOW"] === "1";

/** fast-check settings: short by default, since the whole suite must stay quick; `SLOW=1` searches longer. */
export const runs = (count: number): { numRuns: number } => ({ numRuns: slow ? count * 20 : count });
