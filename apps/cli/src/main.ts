import { type Command, UsageError } from "./command.ts";

/** Every subcommand: what it is for, and its file. Add a line here and a file under commands/. */
const commands: Record<string, { summary: string; load: () => Promise<{ command: Command }> }> = {
  serve: { summary: "run the server", load: () => import("./commands/serve.ts") },
  admin: {
    summary: "agencies, people and keys, on the server's own machine",
    load: () => import("./commands/admin.ts"),
  },
  check: { summary: "recompute the log and every stored object", load: () => import("./commands/check.ts") },
  camera: {
    summary: "record from a file, a device, a stream or a test picture",
    load: () => import("./commands/camera.ts"),
  },
  dock: { summary: "take in what a camera left in a folder", load: () => import("./commands/dock.ts") },
  simulate: { summary: "a fleet of cameras, for load and demos", load: () => import("./commands/simulate.ts") },
};

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`);
  return `sworn <command> [options]\n\n${lines.join("\n")}\n\nsworn <command> --help says more.\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    process.stdout.write(help());
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    process.stderr.write(`There is no command "${name}".\n\n${help()}`);
    return 2;
  }
  const { command } = await entry.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(command.help);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError || (error instanceof TypeError && "code" in error && isParseArgs(error.code))) {
      process.stderr.write(`${error.message}\nsworn ${name} --help says what it takes.\n`);
      return 2;
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

const isParseArgs = (code: unknown): boolean => typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");

process.exitCode = await main(process.argv.slice(2));
