import { realpath, stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { SwornError } from "@sworn/sdk";
import { type Command, UsageError } from "../command.ts";
import { Journal } from "../dock/journal.ts";
import { Progress, sizeText } from "../dock/progress.ts";
import { runDock } from "../dock/run-dock.ts";
import { connect, serverHelp, serverOptions } from "../server-options.ts";

/** A queue of other files may come before ours, but a folder of many must not wait for each for ever. */
const OPEN_MS = 60_000;

const help = `sworn dock <folder> [options]

Takes in every MP4 and MOV that a camera left in a folder: hashed here, sent, and waited for until it is stored and
compared, and until it is known whether it plays. Stopped at any moment, the next run goes on where this one ended. Everything else is listed as not taken.

${serverHelp}  --watch           stay, and take what appears; Ctrl-C ends it
  --device ID       the camera that left the files (custodians only; a device key speaks for its own)
  --delete          remove each source once it is stored, plays and, read once more, is still the same
  --settle SECONDS  a file must have stood still so long before it is taken (3)
  --json            the counts as one JSON object at the end

Exit code 0: every MP4 and MOV is stored. 1: some are not; the lines say which and why.
`;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...serverOptions,
      watch: { type: "boolean", default: false },
      device: { type: "string" },
      delete: { type: "boolean", default: false },
      settle: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
    },
  });
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw new UsageError("Name one folder.");
  const settle = Number(values.settle);
  if (!Number.isFinite(settle) || settle < 0) throw new UsageError("--settle takes a number of seconds.");
  const folder = await realpath(given).catch(() => {
    throw new UsageError(`There is no folder ${given}.`);
  });
  if (!(await stat(folder)).isDirectory()) throw new UsageError(`${given} is a file. Name the folder it lies in.`);
  const sworn = connect(values);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  const progress = new Progress(process.stderr);
  const journal = await Journal.open(folder, sworn.http.url(""), process.env);
  try {
    const result = await runDock({
      sworn,
      journal,
      progress,
      folder,
      deviceId: values.device,
      remove: values.delete,
      openMs: OPEN_MS,
      watch: values.watch,
      settleMs: settle * 1000,
      lookEveryMs: 5000,
      signal: stop.signal,
    });
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else {
      const held = result.alreadyHeld > 0 ? `, ${result.alreadyHeld} of them held already` : "";
      const harmed = result.harmed > 0 ? `, ${result.harmed} of them cannot be played whole: keep those` : "";
      process.stdout.write(
        `${result.stored} stored (${sizeText(result.bytes)}${held}${harmed}), ${result.removed} removed, ${result.refused} refused, ${result.unreadable} unreadable, ${result.changing} still being written, ${result.notTaken} not taken.\n`,
      );
    }
    return result.refused + result.unreadable + result.changing === 0 ? 0 : 1;
  } catch (error) {
    if (stop.signal.aborted) {
      // Watching ends this way; anything else was cut short and goes on next time.
      progress.say("stopped; the next run goes on from here.");
      return values.watch ? 0 : 1;
    }
    if (error instanceof SwornError) progress.say(`${error.message} (${error.code}). The next run goes on from here.`);
    else throw error;
    return 1;
  } finally {
    progress.stop();
  }
}

export const command: Command = { help, run };
