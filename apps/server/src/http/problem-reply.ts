import { Problem, problems, type ProblemCode } from "@sworn/contract";
import { BlobError } from "../ports/blob-store.ts";
import type { Log } from "../ports/log.ts";
import { SpoolError } from "../ports/spool.ts";

export interface ProblemDocument {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}

/** Any error as an RFC 9457 document with a closed code. What is not expected is logged and told as `internal`. */
export function toProblem(error: unknown, log: Log): ProblemDocument {
  const problem = expected(error);
  if (problem === null) log.error({ err: error }, "unexpected failure in a request");
  const { code, detail, extra } = problem ?? { code: "internal" as const, detail: problems.internal.title, extra: {} };
  const { status, title } = problems[code];
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (status === 503 || status === 421 || status === 429) headers["retry-after"] = status === 429 ? "30" : "2";
  return { status, headers, body: { type: `urn:sworn:problem:${code}`, title, status, code, detail, ...extra } };
}

function expected(error: unknown): { code: ProblemCode; detail: string; extra: object } | null {
  if (error instanceof Problem) return { code: error.code, detail: error.message, extra: error.extra };
  if (error instanceof BlobError || error instanceof SpoolError) {
    if (error.code === "full") return { code: "disk-full", detail: problems["disk-full"].title, extra: {} };
    if (error.code === "not-durable")
      return { code: "storage-failed", detail: problems["storage-failed"].title, extra: {} };
    if (error.code === "wrong-node") return { code: "wrong-node", detail: problems["wrong-node"].title, extra: {} };
    return null;
  }
  return null;
}
