import type { Log } from "../ports/log.ts";

const levels = ["debug", "info", "warn", "error"] as const;
type Level = (typeof levels)[number];

/** One JSON object per line on standard error, so that standard output stays for answers. */
export function createLog(least: Level): Log {
  const write = (level: Level, fields: object, message: string): void => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...plain(fields) })}\n`);
  };
  return {
    info: (fields, message) => write("info", fields, message),
    warn: (fields, message) => write("warn", fields, message),
    error: (fields, message) => write("error", fields, message),
  };
}

/** Errors as name, code, message and stack; nothing else of them, since drivers hang whole queries on theirs. */
function plain(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Error ? describe(value) : value,
    ]),
  );
}

function describe(error: Error): object {
  const code = "code" in error ? { code: String(error.code) } : {};
  const cause = error.cause instanceof Error ? { cause: describe(error.cause) } : {};
  return { name: error.name, ...code, message: error.message, stack: error.stack, ...cause };
}
