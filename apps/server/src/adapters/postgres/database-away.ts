import { sqlState } from "./postgres-error.ts";

const AWAY_MESSAGES = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error",
  "Client was closed and is not queryable",
];
const AWAY_ERRNO = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENOTFOUND"]);
/** Shutting down or starting (57P0x), connection trouble (08), no more connections (53300). */
const AWAY_STATES = /^(?:57P0[1-5]|08...|53300)$/;

/** Whether the database could not be reached or left in the middle: nothing is wrong with the question. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const state = sqlState(error);
  if (state !== undefined && AWAY_STATES.test(state)) return true;
  const code: unknown = "code" in error ? error.code : undefined;
  // Of a socket, not of a file that the work itself opened.
  if (
    typeof code === "string" &&
    AWAY_ERRNO.has(code) &&
    "syscall" in error &&
    /^(?:connect|read|write|getaddrinfo)$/.test(String(error.syscall))
  ) {
    return !("path" in error) || error.syscall === "connect";
  }
  return AWAY_MESSAGES.some((text) => error.message.includes(text));
}

/** Serialization failure or deadlock: the same work may well succeed when it is done again. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40001" || state === "40P01";
}
