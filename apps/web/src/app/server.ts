import { Sworn, SwornError } from "@sworn/sdk";
import { QueryClient } from "@tanstack/react-query";
import { idleSeconds } from "./idle.ts";
import { untilUnlocked } from "./lock.ts";
import { words } from "../words/index.ts";

/** This site's own server, spoken to with the session cookie. The only way out of the page. */
export const sworn = new Sworn({ url: "", idleSeconds, unlocked: untilUnlocked });

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // Only what may be answered otherwise later is asked again.
      retry: (count, error) => error instanceof SwornError && error.retryable && count < 3,
    },
  },
});

/** What to say to a person about a failure: by its code, or in the server's own words. */
export function reasonOf(error: unknown): string {
  if (error instanceof SwornError) return words.frame.problem(error.code, error.message);
  return error instanceof Error ? error.message : String(error);
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof SwornError && error.code === "not-signed-in";
}
