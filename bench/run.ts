import { chmod, mkdtemp, rm, statfs } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchCameras, cameraBytes } from "./cameras.ts";
import { benchPlayer } from "./player.ts";
import { benchLibrary, libraryBytes } from "./library.ts";
import { benchUploads, uploadBytes } from "./uploads.ts";

// `npm run bench [-- uploads|cameras|library|player] [options]`: tables on standard output, progress on standard error.

const usage = `npm run bench [-- uploads|cameras|library|player] [--rounds N] [--scale X] [--body-mib N] [--only PATTERN]
                 [--cameras N,N…] [--seconds S] [--mbit M] [--rows N] [--requests N]
                 [--keep DIR] [--plans FILE] [--folder DIR] [--profile DIR] [--node=OPTION] [--times N]
                 player needs Chromium (SWORN_CHROMIUM) and the web app; --scale shortens its long files`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    scale: { type: "string", default: "1" },
    /** Bytes per PATCH, for both tus servers; 0: the whole file in one, as tus-js-client does. */
    "body-mib": { type: "string", default: "0" },
    only: { type: "string", default: "" },
    cameras: { type: "string", default: "50,100,200,300" },
    seconds: { type: "string", default: "60" },
    mbit: { type: "string", default: "4" },
    /** Items of the library, and requests for each filter's page. */
    rows: { type: "string", default: "10000000" },
    requests: { type: "string", default: "20" },
    /** A filled library stays here, and is used again the next time. */
    keep: { type: "string" },
    /** Plans of slow statements are written here (with --keep, the second time). */
    plans: { type: "string" },
    folder: { type: "string", default: tmpdir() },
    /** CPU profiles of Sworn's process are written here. */
    profile: { type: "string" },
    /** For Sworn's process: --node=--max-semi-space-size=64 */
    node: { type: "string", multiple: true, default: [] },
    /** Clicks and seeks of each kind, for the player. */
    times: { type: "string", default: "30" },
    help: { type: "boolean", default: false },
  },
});

const TMPFS = 0x01021994;
const what = positionals.length === 0 ? ["uploads", "cameras", "library"] : positionals;
const nodeArgs = [
  ...values.node,
  ...(values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`]),
];
const bodyMib = Number(values["body-mib"]);
const uploads = {
  rounds: Number(values.rounds),
  scale: Number(values.scale),
  bodyBytes: bodyMib === 0 ? Number.MAX_SAFE_INTEGER : bodyMib * 2 ** 20,
  only: new RegExp(values.only),
  nodeArgs,
};
const cameras = {
  cameras: values.cameras.split(",").map(Number),
  seconds: Number(values.seconds),
  megabits: Number(values.mbit),
  nodeArgs,
};

const library = {
  rows: Number(values.rows),
  requests: Number(values.requests),
  only: new RegExp(values.only),
  keep: values.keep ?? null,
  plans: values.plans ?? null,
};

if (values.help || what.some((name) => !["uploads", "cameras", "library", "player"].includes(name))) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}
const folder = await mkdtemp(join(values.folder, "sworn-bench-"));
await chmod(folder, 0o711); // as root the database runs as another user, who must get through
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    if (stopped) return;
    stopped = true;
    // The servers end with us: each watches or is killed with its group; the files are ours to remove.
    void rm(folder, { recursive: true, force: true }).finally(() => process.exit(130));
  });
try {
  const disk = await statfs(folder);
  const need = Math.max(
    what.includes("uploads") ? uploadBytes(uploads) : 0,
    what.includes("cameras") ? cameraBytes(cameras) : 0,
    what.includes("library") ? libraryBytes(library) : 0,
  );
  const free = disk.bavail * disk.bsize;
  // Sworn itself refuses bytes below 5 % or 2 GiB of free disk.
  const reserve = Math.max(2 * 2 ** 30, disk.blocks * disk.bsize * 0.05);
  if (free < need * 1.1 + reserve)
    throw new Error(`${folder} needs ${gb(need * 1.1 + reserve)} free and has ${gb(free)}; see --folder and --scale`);
  const [cpu] = cpus();
  console.log(`${availableParallelism()} × ${cpu?.model ?? "?"}, ${gb(totalmem())} memory, Node ${process.version}`);
  console.log("Client and server share these cores: each takes time from the other, and ratios say more than rates.");
  if (disk.type === TMPFS) console.log("The folder is in memory (tmpfs): an fsync costs nothing there. See --folder.");
  console.log(
    `Load when it began: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(", ")} (1, 5, 15 minutes).`,
  );
  if ((loadavg()[0] ?? 0) > 1) console.log("Something else is working here: these figures say little.");
  console.log("");
  if (what.includes("uploads")) {
    console.log(`Uploads (MB = 10^6 bytes; ${bodyMib === 0 ? "one PATCH per file" : `${bodyMib} MiB per PATCH`})\n`);
    console.log(await benchUploads(folder, uploads));
  }
  if (what.includes("cameras")) {
    console.log(`Cameras of ${cameras.megabits} Mbit/s, a fragment each second, ${cameras.seconds} s\n`);
    console.log(await benchCameras(folder, cameras));
  }
  if (what.includes("library")) {
    console.log(`The library with ${library.rows.toLocaleString("en")} items, over HTTP\n`);
    console.log(await benchLibrary(folder, library));
  }
  if (what.includes("player")) {
    console.log(
      "Player: from the click in the library to the first frame, from the press on the time line to its frame\n",
    );
    console.log(await benchPlayer({ times: Number(values.times), scale: uploads.scale }));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function gb(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
