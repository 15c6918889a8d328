import { type CallState, callStates } from "@sworn/contract";

/** Which calls, as the address holds it. */
export interface CallSearch {
  readonly q?: string;
  /** Days in the agency's zone. */
  readonly from?: string;
  readonly to?: string;
  readonly state?: CallState;
}

const day = (value: unknown): string | undefined =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;

/** An address may hold anything: only what could be meant is taken. */
export function readCallSearch(search: Readonly<Record<string, unknown>>): CallSearch {
  const { q } = search;
  const text = typeof q === "number" ? String(q) : typeof q === "string" ? q.slice(0, 100) : "";
  const [from, to] = [day(search["from"]), day(search["to"])];
  const state = callStates.find((one) => one === search["state"]);
  // Keys without a value stay: left out, the router would hand on what the address holds, unlooked at.
  return { q: text === "" ? undefined : text, from, to, state } as CallSearch;
}

export const without = (search: CallSearch): CallSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ""));
