import { problems, type ProblemCode } from "@sworn/contract";

/** Codes that only a client can meet: no answer came, it took too long, or it was not what the contract says. */
export type ClientCode =
  | "network"
  | "timed-out"
  | "cancelled"
  | "unexpected-answer"
  | "source-changed"
  | "too-many-tries";
export type SwornErrorCode = ProblemCode | ClientCode;

/** What every call of the SDK throws. `code` is closed: switch on it, never on the message. */
export class SwornError extends Error {
  readonly code: SwornErrorCode;
  /** HTTP status, or 0 where no answer came. */
  readonly status: number;
  /** Further members of the problem document (RFC 9457), for example an upload's `offset`. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Seconds the server asks to wait (Retry-After), or null. */
  readonly retryAfterSeconds: number | null;
  constructor(
    code: SwornErrorCode,
    message: string,
    options: {
      status?: number;
      extra?: Record<string, unknown>;
      retryAfterSeconds?: number | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "SwornError";
    this.code = code;
    this.status = options.status ?? 0;
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }

  /** True where the same request may succeed later unchanged: nothing was refused for what it says. */
  get retryable(): boolean {
    if (this.code === "network" || this.code === "timed-out") return true;
    // 421: another node holds the spool; 423: another connection of ours may still be closing.
    return [408, 421, 423, 429, 502, 503, 504, 507].includes(this.status);
  }
}

/** Turns a refused answer into a SwornError; a body that is no problem document keeps its status. */
export async function readProblem(response: Response): Promise<SwornError> {
  const retryAfter = Number(response.headers.get("retry-after"));
  const retryAfterSeconds = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null;
  const body: unknown = await response.json().catch(() => null);
  const status = response.status;
  if (typeof body !== "object" || body === null) {
    // HEAD answers have no body, and a proxy in between answers in its own words.
    const code =
      status === 404 ? "not-found" : status === 410 ? "upload-gone" : status === 401 ? "not-signed-in" : null;
    return new SwornError(
      code ?? "unexpected-answer",
      code === null ? `The server answered ${status} without saying why.` : problems[code].title,
      { status, retryAfterSeconds },
    );
  }
  const { code, detail, title, type: _type, status: _status, ...extra } = body as Record<string, unknown>;
  const known = typeof code === "string" && Object.hasOwn(problems, code) ? (code as ProblemCode) : null;
  const message =
    typeof detail === "string" ? detail : typeof title === "string" ? title : `The server answered ${status}.`;
  return new SwornError(known ?? "unexpected-answer", message, { status, extra, retryAfterSeconds });
}
