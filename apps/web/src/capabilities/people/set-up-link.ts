import { z } from "zod";
import { sworn } from "../../app/server.ts";

/** Whether this server still waits for its first person. */
export async function isSetUpNeeded(signal: AbortSignal): Promise<boolean> {
  const answer = await sworn.http.json(z.object({ needed: z.boolean() }), "GET", "/api/v1/set-up", { signal });
  return answer.needed;
}

/** Whether the link can still be used. POST, because the token must not stand in an address. */
export async function isOpen(token: string): Promise<boolean> {
  const response = await sworn.http.call("POST", sworn.http.url("/api/v1/set-up/check"), {
    json: { token },
    idempotencyKey: null,
  });
  const answer: unknown = await response.json();
  return typeof answer === "object" && answer !== null && "open" in answer && answer.open === true;
}
