// Programs that npm cannot bring: ffmpeg and ffprobe (the distribution's, because it patches them) and,
// for tests, a Chromium. Installed where missing and permitted; otherwise the exact command is printed.
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline/promises";

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Said to apt-get when we run it, not to people: wait for another installation, be brief. */
const APT_QUIETLY = ["-q", "-o", "DPkg::Lock::Timeout=120"];

/** Only apt-get has been tried and is run; for the others the command is printed for a person to judge. */
const MANAGERS = [
  {
    tool: "apt-get",
    runs: true,
    packages: { ffmpeg: ["ffmpeg"], chromium: ["chromium", "fonts-liberation"] },
    // The update comes first always: lists are absent in fresh images and stale ones end in 404s.
    steps: (names) => [
      ["apt-get", "update"],
      ["apt-get", "install", "-y", "--no-install-recommends", ...names],
    ],
  },
  {
    tool: "dnf",
    runs: false,
    packages: { ffmpeg: ["ffmpeg-free"], chromium: ["chromium", "liberation-fonts"] },
    steps: (names) => [["dnf", "install", "-y", ...names]],
  },
  {
    tool: "zypper",
    runs: false,
    packages: { ffmpeg: ["ffmpeg"], chromium: ["chromium", "liberation-fonts"] },
    steps: (names) => [["zypper", "install", "-y", ...names]],
  },
  {
    tool: "pacman",
    runs: false,
    packages: { ffmpeg: ["ffmpeg"], chromium: ["chromium", "ttf-liberation"] },
    steps: (names) => [["pacman", "-S", "--needed", ...names]],
  },
];

/** Absolute path of a program, or null. /usr/sbin is looked at too: an ordinary PATH may lack it. */
export function findProgram(name, env = process.env) {
  const folders = [...(env.PATH ?? "").split(delimiter), "/usr/local/bin", "/usr/bin", "/usr/sbin"];
  for (const folder of folders) {
    if (folder === "") continue;
    const file = join(folder, name);
    if (isExecutable(file)) return file;
  }
  return null;
}

export function findChromium(env = process.env) {
  if (env.SWORN_CHROMIUM) return isExecutable(env.SWORN_CHROMIUM) ? env.SWORN_CHROMIUM : null;
  for (const name of CHROMIUM_NAMES) {
    const file = findProgram(name, env);
    if (file !== null) return file;
  }
  return null;
}

/** What of `needs` (subset of 'ffmpeg', 'chromium') is not there. */
export function missingPrograms(needs, env = process.env) {
  return needs.filter((need) =>
    need === "chromium"
      ? findChromium(env) === null
      : findProgram("ffmpeg", env) === null || findProgram("ffprobe", env) === null,
  );
}

/**
 * Installs what is missing. Resolves to true when everything is there afterwards; otherwise false,
 * after having said on standard error exactly what to type.
 */
export async function ensureSystemPackages(needs, say) {
  const missing = missingPrograms(needs);
  if (missing.length === 0) return true;
  if (missing.includes("chromium") && process.env.SWORN_CHROMIUM) {
    say(`SWORN_CHROMIUM is ${process.env.SWORN_CHROMIUM}, which is not a program that can be run.`);
    return false;
  }
  const manager = MANAGERS.find(({ tool }) => findProgram(tool) !== null);
  if (manager === undefined) {
    say(`Missing: ${missing.join(", ")}. Install them with this system's package manager and start again.`);
    return false;
  }
  const steps = manager.steps(missing.flatMap((need) => manager.packages[need]));
  const how = manager.runs ? howToBecomeRoot() : null;
  if (how === null || !(await permitted(missing, steps, how, say))) {
    say(`Missing: ${missing.join(", ")}. Type this, then start again:\n\n  ${typed(steps)}\n`);
    return false;
  }
  for (const step of steps) {
    const command = [...how, "env", "DEBIAN_FRONTEND=noninteractive", ...step, ...APT_QUIETLY];
    say(`$ ${command.join(" ")}`);
    // A failed update (one dead third-party source is enough) does not mean that the install fails.
    if ((await run(command)) !== 0 && step !== steps[0]) break;
  }
  const left = missingPrograms(needs);
  if (left.length === 0) return true;
  say(`Still missing: ${left.join(", ")}. Type this, then start again:\n\n  ${typed(steps)}\n`);
  return false;
}

/** Words to put before a command, or null where neither root nor password-free sudo is there. */
function howToBecomeRoot() {
  if (process.getuid?.() === 0) return [];
  const sudo = findProgram("sudo");
  if (sudo === null) return null;
  return spawnSync(sudo, ["-n", "true"], { stdio: "ignore" }).status === 0 ? [sudo, "-n"] : null;
}

async function permitted(missing, steps, how, say) {
  if (!process.stdin.isTTY || !process.stderr.isTTY || process.env.CI) return true;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    say(`Missing: ${missing.join(", ")}. They can be installed now with:\n\n  ${typed(steps, how)}\n`);
    const answer = await prompt.question("Install? [Y/n] ");
    return /^(y|yes)?$/i.test(answer.trim());
  } catch {
    return false; // Ctrl-C or Ctrl-D at the question
  } finally {
    prompt.close();
  }
}

/** The steps as a person would type them: with sudo where it exists and is needed, else through su. */
function typed(steps, how = null) {
  const lines = steps.map((step) => step.join(" "));
  if (process.getuid?.() === 0 || how?.length === 0) return lines.join(" && ");
  if (findProgram("sudo") !== null) return lines.map((line) => `sudo ${line}`).join(" && ");
  return `su -c '${lines.join(" && ")}'`;
}

/** Progress goes to standard error: standard output belongs to the program that is being started. */
function run([file, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(file ?? "false", args, { stdio: ["ignore", 2, 2] });
    child.on("error", () => resolve(127));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
