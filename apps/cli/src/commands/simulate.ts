import { parseArgs } from "node:util";
import { type Command, UsageError } from "../command.ts";
import { prepareFleet, runFleet } from "../camera/fleet.ts";
import { serverHelp, serverOptions } from "../server-options.ts";

const help = `sworn simulate --cameras N --minutes M [options]

N light cameras that replay one encoded stretch, each in its own recording, at its own moment of the second.
Prints one JSON object at the end: acknowledgements with their p50 and p99 in ms, and what was lost (0, or it fails).

${serverHelp}                    --token may be a list, separated by commas: cameras share them in turn
  --cameras N       how many (10)
  --minutes M       how long (1)
  --bitrate N       kilobits a second of each camera (4000)
  --progress        a line every ten seconds on standard error
`;

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...serverOptions,
      cameras: { type: "string", default: "10" },
      minutes: { type: "string", default: "1" },
      bitrate: { type: "string", default: "4000" },
      progress: { type: "boolean", default: false },
    },
  });
  const number = (name: "cameras" | "minutes" | "bitrate"): number => {
    const value = Number(values[name]);
    if (!Number.isFinite(value) || value <= 0) throw new UsageError(`--${name} takes a positive number.`);
    return value;
  };
  const url = values.url ?? process.env["SWORN_URL"] ?? "http://127.0.0.1:8080";
  const tokens = (values.token ?? process.env["SWORN_TOKEN"] ?? "").split(",").filter((token) => token !== "");
  if (tokens.length === 0) throw new UsageError("A device key is needed: --token or SWORN_TOKEN.");
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const fleet = await prepareFleet(number("bitrate"));
  const result = await runFleet(fleet, {
    url,
    tokens,
    cameras: Math.round(number("cameras")),
    seconds: Math.round(number("minutes") * 60),
    signal: stop.signal,
    say: values.progress ? (line) => process.stderr.write(`${line}\n`) : () => undefined,
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.lost === 0 && result.failed === 0 ? 0 : 1;
}

export const command: Command = { help, run };
