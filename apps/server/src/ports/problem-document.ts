import { type Problem, problems } from "@sworn/contract";

/** A refusal as it is sent: an RFC 9457 document, and when to come back where that is known. */
export interface ProblemDocument {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}

/** What a client may try again, and in how many seconds. */
const retryAfter: Readonly<Record<number, string>> = { 421: "2", 429: "30", 503: "2" };

/** The one form of every refusal, for the server and for the routes that answer theirs themselves (tus, ranges). */
export function problemDocument({
  code,
  message: detail,
  extra,
}: Pick<Problem, "code" | "message" | "extra">): ProblemDocument {
  const { status, title } = problems[code];
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  const later = typeof extra["retryAfter"] === "number" ? String(extra["retryAfter"]) : retryAfter[status];
  if (later !== undefined) headers["retry-after"] = later;
  return { status, headers, body: { type: `urn:sworn:problem:${code}`, title, status, code, detail, ...extra } };
}
