/** Wrong tries in a row that lock an account. */
export const TRIES = 5;
/** A lock ends by itself: nobody can shut somebody out for good. Each one in a row waits longer, up to an hour. */
export const LOCK_MINUTES = [10, 20, 40, 60] as const;
/** Wrong tries older than this are forgotten, and with them how often the account was locked. */
export const FORGET_HOURS = 24;

/** In one proof: something they have, with something they know or are. RFC 8176. */
const HAVE = ["hwk", "swk", "sc"];
const UNLOCKED_BY = ["pin", "pwd", "bio", "fpt", "face", "iris"];

/** Whether what a provider says of how somebody signed in there is two factors. An `acr` is its own word and not read. */
export function isMultiFactor(methods: readonly string[]): boolean {
  const some = (of: readonly string[]): boolean => methods.some((each) => of.includes(each));
  return methods.includes("mfa") || (some(HAVE) && some(UNLOCKED_BY));
}

/** How long the lock after so many earlier ones lasts. */
export function lockMinutes(earlier: number): number {
  return LOCK_MINUTES[Math.min(earlier, LOCK_MINUTES.length - 1)] ?? 60;
}
