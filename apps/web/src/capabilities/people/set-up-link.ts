import { sworn } from "../../app/server.ts";

/** Whether the link can still be used. POST, because the token must not stand in an address. */
export async function isOpen(token: string): Promise<boolean> {
  const response = await sworn.http.call("POST", sworn.http.url("/api/v1/set-up/check"), { json: { token } });
  const answer: unknown = await response.json();
  return typeof answer === "object" && answer !== null && "open" in answer && answer.open === true;
}
