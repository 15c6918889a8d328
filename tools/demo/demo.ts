import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Sworn } from "@sworn/sdk";
import { resolveDataHome } from "../../apps/server/src/adapters/data-home/index.ts";
import { fillDesk } from "./fill-desk.ts";
import { DEMO_PASSWORD, DemoAdmin, type DemoKeys, demoPeople, rememberedKeys, rememberKeys } from "./people.ts";
import { playInBrowser } from "./play.ts";
import { recordShift } from "./record-shift.ts";
import { type DemoServer, run, startServer } from "./server-process.ts";

// `npm run demo [-- --exit]`: the real server, an invented agency, footage that software cameras make up and record.
// With --exit: shows the main job end to end on an empty data home, cleans up, and prints one JSON line.

const { values } = parseArgs({ options: { exit: { type: "boolean", default: false } } });
const started = performance.now();
const usual = resolveDataHome(process.env);
const home = values.exit
  ? mkdtempSync(join(existsSync(dirname(usual)) ? dirname(usual) : "/tmp", "sworn-demo-"))
  : `${usual}-demo`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

let server: DemoServer | null = null;
let stopping = false;
async function stop(code: number): Promise<never> {
  if (!stopping) {
    stopping = true;
    await server?.stop();
    if (values.exit) rmSync(home, { recursive: true, force: true });
  }
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void stop(signal === "SIGINT" ? 0 : 1));

try {
  const port = values.exit ? 0 : await freePort(Number(process.env["PORT"] ?? 8080));
  // Every answer is checked against its schema here: the demo is also a test.
  const env = {
    SWORN_HOME: home,
    PORT: String(port),
    SWORN_CHECK_ANSWERS: "1",
    SWORN_LOG: "warn",
    SWORN_ROLL_SECONDS: "10",
  };
  server = await startServer(env);
  void server.exited.then((code) => (stopping ? undefined : stop(code === 0 ? 1 : code)));
  say(`Sworn is ready at ${server.url} (${seconds()} s)`);
  const keys = await setUpOnce(server);
  if (values.exit) await showMainJob(server, keys, env);
  else await stayUp(server, keys);
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  await stop(1);
}

async function setUpOnce(running: DemoServer): Promise<DemoKeys> {
  const known = rememberedKeys(home);
  if (known !== null) return known;
  if (running.setUpToken === null)
    throw new Error(`${home} was begun by a demo that did not finish. Remove that folder and start again.`);
  const admin = new DemoAdmin(running.url);
  await admin.setUp(running.setUpToken);
  const keys = await admin.makeKeys([
    { name: "VX-118", model: "Software camera", wornBy: "adair@demo.example" },
    { name: "VX-204", model: "Software camera" },
    { name: "Car 12 front", model: "Software camera" },
  ]);
  rememberKeys(home, keys);
  return keys;
}

async function stayUp(running: DemoServer, keys: DemoKeys): Promise<void> {
  const sworn = new Sworn({ url: running.url, token: keys.reader });
  const { items } = await sworn.evidence.list({ limit: 1 });
  if (items.length === 0) {
    say("Three software cameras record the start of a shift (about a minute) …");
    await recordShift(running.url, keys, home, 24, "street", say);
    await fillDesk(running.url, sworn);
  }
  say(`
  Open      ${running.url}
  Sign in   ${demoPeople.map(({ email, does }) => `${email.padEnd(22)} ${does}`).join("\n            ")}
  Password  ${DEMO_PASSWORD} (all of them)

  Look at   the newest recording: play it, click its path on the map, then open "Custody" and press "Check it".
            Upload a video of your own. Start a camera: npx --no-install sworn camera --source test \\
              --url ${running.url} --token ${keys.cameras[1]?.token ?? ""}

  Data in   ${home}   (Ctrl-C stops everything)
`);
}

async function showMainJob(running: DemoServer, keys: DemoKeys, env: Record<string, string>): Promise<void> {
  const sworn = new Sworn({ url: running.url, token: keys.reader });
  const recorded = await recordShift(running.url, keys, home, 8, "test", say);
  const desk = await fillDesk(running.url, sworn);
  const { items } = await sworn.evidence.list({ limit: 50 });
  say(`desk: ${desk.calls} calls of dispatch, ${desk.incidents} incident`);
  say(`catalogued: ${items.length} items, ${items.reduce((sum, { size }) => sum + size, 0)} bytes`);
  const withPath = items.find(({ hasTrack, kind }) => hasTrack && kind === "video") ?? items[0];
  if (withPath === undefined) throw new Error("Nothing was catalogued.");
  const played = await playInBrowser(running.url, demoPeople[0]?.email ?? "", withPath.id, home);
  say(`played: ${played.frames} frames in ${played.seconds.toFixed(1)} s of ${withPath.title}`);
  const check = await run("apps/server/src/check.ts", ["--json"], env);
  if (check.code !== 0) throw new Error(`The check found something:\n${check.out}${check.err}`);
  say("checked: the log and every stored object match what was recorded");
  const summary = {
    recordings: recorded.recordings,
    fragments: recorded.fragments,
    evidence: items.length,
    checked: true,
    seconds: Number(seconds()),
    url: running.url,
  };
  stopping = true;
  await running.stop();
  rmSync(home, { recursive: true, force: true });
  say(JSON.stringify(summary));
  process.exit(0);
}

function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}

/** The usual port, or the next one that nobody has: a demo should not fail over that. */
async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + 20; port += 1) {
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
  return 0;
}
