/** One subcommand of `sworn`: a file under commands/, loaded only when it is called. */
export interface Command {
  /** What `sworn <name> --help` prints, whole. */
  readonly help: string;
  /** Answers the exit code: 0 done, 1 failed, 2 the command line was not understood. */
  run(args: readonly string[]): Promise<number>;
}

/** The command line is wrong: printed with a hint at --help, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
