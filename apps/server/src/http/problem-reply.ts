import { Problem, problems, type ProblemCode } from "@sworn/contract";
import { BlobError } from "../ports/blob-store.ts";
import type { Log } from "../ports/log.ts";
import { problemDocument, type ProblemDocument } from "../ports/problem-document.ts";
import { SpoolError } from "../ports/spool.ts";

/** Any error as an RFC 9457 document with a closed code. What is not expected is logged and told as `internal`. */
export function toProblem(error: unknown, log: Log): ProblemDocument {
  noteFailure(error, log);
  const problem = expected(error);
  return problemDocument(problem ?? { code: "internal", message: problems.internal.title, extra: {} });
}

/**
 * What the operator must hear of: stored bytes that are not what they were, and what nobody expected. Also for answers
 * that broke off after their first byte, where no document can be sent any more.
 */
export function noteFailure(error: unknown, log: Log): void {
  const problem = expected(error);
  if (problem === null) log.error({ err: error }, "unexpected failure in a request");
  else if (problem.code === "storage-damaged") {
    const object = error instanceof Error && "objectKey" in error ? { object: error.objectKey } : {};
    log.error({ err: error, ...problem.extra, ...object }, "what is stored is damaged: run the check");
  }
}

function expected(error: unknown): { code: ProblemCode; message: string; extra: Problem["extra"] } | null {
  if (error instanceof Problem) return error;
  if (!(error instanceof BlobError || error instanceof SpoolError)) return null;
  const code = codeOf(error.code);
  return code === null ? null : { code, message: problems[code].title, extra: {} };
}

function codeOf(code: (BlobError | SpoolError)["code"]): ProblemCode | null {
  switch (code) {
    case "full":
      return "disk-full";
    case "not-durable":
      return "storage-failed";
    case "wrong-node":
      return "wrong-node";
    case "missing":
    case "damaged":
      return "storage-damaged";
    default:
      return null;
  }
}
