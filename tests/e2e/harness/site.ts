import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Sworn } from "@sworn/sdk";
import { Client } from "pg";
import { connectRunningPostgres } from "../../../apps/server/src/adapters/postgres/embedded/index.ts";
import { DemoAdmin, type DemoKeys } from "../../../tools/demo/people.ts";
import { run, startServer } from "../../../tools/demo/server-process.ts";
import { type Walk, walkToNmea } from "../../../tools/demo/walk.ts";
import { makeHome } from "./home.ts";
import { buildWebApp } from "./web-app.ts";

/** A real server with the web app, an invented agency, and cameras that belong to it. */
export interface Site {
  readonly url: string;
  /** For files of the test; goes with the site. */
  readonly folder: string;
  readonly admin: DemoAdmin;
  readonly keys: DemoKeys;
  /** Reads everything of the agency. */
  readonly reader: Sworn;
  /** Records with the software camera, positions and all; resolves to the recording's id once all is stored. */
  record(options: Recorded): Promise<string>;
  /** SQL as the database's superuser, past every trigger. */
  asSuperuser<T extends object>(text: string, values?: readonly unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

export interface Recorded {
  readonly title: string;
  readonly seconds: number;
  readonly walk: Omit<Walk, "startsAt" | "seconds">;
  /** Which of the agency's cameras; the first is worn by Ofc. Adair. */
  readonly camera?: number;
  /** A file, or the camera's own test picture. */
  readonly source?: string;
}

export interface SiteOptions {
  /** Sets the server up in its own way, with the first of the demo's people. */
  readonly setUp?: (link: string) => Promise<void>;
}

/** Builds the web app where needed, starts the server on an empty data home and sets it up. */
export async function openSite(options: SiteOptions = {}): Promise<Site> {
  await buildWebApp();
  const { folder, home } = await makeHome();
  const env = {
    SWORN_HOME: home,
    PORT: "0",
    SWORN_CHECK_ANSWERS: "1",
    SWORN_LOG: "error",
    NODE_ENV: "production",
    VITEST: "",
  };
  const server = await startServer(env);
  const close = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const admin = new DemoAdmin(server.url);
    const token = server.setUpToken ?? "";
    if (options.setUp === undefined) await admin.setUp(token);
    else {
      await options.setUp(`${server.url}/set-up#token=${token}`);
      await admin.addPeople();
    }
    const keys = await admin.makeKeys([
      { name: "VX-118", model: "Software camera", wornBy: "adair@demo.example" },
      { name: "VX-204", model: "Software camera" },
    ]);
    return {
      url: server.url,
      folder,
      admin,
      keys,
      reader: new Sworn({ url: server.url, token: keys.reader }),
      record: (options) => record(server.url, keys, folder, options),
      asSuperuser: (text, values = []) => asSuperuser(home, text, values),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function record(url: string, keys: DemoKeys, folder: string, options: Recorded): Promise<string> {
  const { title, seconds, walk, camera = 0, source = "test" } = options;
  const place = await mkdtemp(join(folder, "camera-"));
  const gps = join(place, "walk.nmea");
  await writeFile(gps, walkToNmea({ ...walk, startsAt: new Date(), seconds: seconds + 5 }));
  const args = ["--title", title, "--source", source, "--gps", gps, "--seconds", String(seconds)];
  const token = keys.cameras[camera]?.token ?? "";
  const { code, out, err } = await run(
    "apps/cli/src/main.ts",
    ["camera", ...args, "--fast", "--spool", join(place, "spool"), "--json"],
    { SWORN_URL: url, SWORN_TOKEN: token },
  );
  if (code !== 0) throw new Error(`sworn camera ended with ${code}:\n${out}${err}`);
  return (JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as { id: string }).id;
}

async function asSuperuser<T extends object>(home: string, text: string, values: readonly unknown[]): Promise<T[]> {
  const connection = connectRunningPostgres(home);
  if (connection === null) throw new Error("The site's database does not run.");
  const client = new Client({ ...connection });
  await client.connect();
  try {
    // The trigger fires for the owner too: whoever tampers as owner has to switch it off first.
    await client.query("begin");
    await client.query("alter table custody.event_body disable trigger append_only");
    const { rows } = await client.query<T>(text, [...values]);
    await client.query("alter table custody.event_body enable always trigger append_only");
    await client.query("commit");
    return rows;
  } finally {
    await client.end();
  }
}
