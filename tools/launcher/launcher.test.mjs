import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ensurePackages } from "./packages.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";
import { ensureWebApps } from "./web-app.mjs";

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const said = [];
const say = (text) => said.push(text);
let root;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sworn-test-launcher-"));
  said.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

function write(path, content) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("npm packages", () => {
  const thing = { version: "1.0.0", integrity: "sha512-a" };
  const elsewhere = { version: "1.0.0", integrity: "sha512-b", optional: true, os: ["plan9"] };

  it("takes an installation made by hand for what it is, and does not install again", async () => {
    write("package-lock.json", {
      packages: { "": {}, "apps/x": {}, "node_modules/thing": thing, "node_modules/elsewhere": elsewhere },
    });
    write("node_modules/.package-lock.json", { packages: { "node_modules/thing": thing } });
    write("node_modules/thing/package.json", {});
    await expect(ensurePackages(root, say)).resolves.toBe(true);
    expect(said).toEqual([]);
    expect(existsSync(join(root, "node_modules/.sworn-stamp"))).toBe(true);
  });

  it("installs once when a package of this machine is missing, and says so", async () => {
    write("package-lock.json", { packages: { "node_modules/thing": thing } });
    const npm = write(
      "npm-cli.js",
      `const { mkdirSync, appendFileSync } = require("node:fs");
       mkdirSync("node_modules", { recursive: true });
       appendFileSync("asked", process.argv.slice(2).join(" "));`,
    );
    vi.stubEnv("npm_execpath", npm);
    await expect(ensurePackages(root, say)).resolves.toBe(true);
    await expect(ensurePackages(root, say)).resolves.toBe(true);
    expect(readFileSync(join(root, "asked"), "utf8")).toMatch(
      /^install --no-save --include=optional [^/]*--loglevel=error$/,
    );
    expect(said).toHaveLength(2);
  });

  it("stops the start when npm fails", async () => {
    write("package-lock.json", { packages: { "node_modules/thing": thing } });
    vi.stubEnv("npm_execpath", write("npm-cli.js", "process.exit(1)"));
    await expect(ensurePackages(root, say)).resolves.toBe(false);
  });
});

describe("programs of the system", () => {
  it("never installs in place of a browser that was named but is not there", async () => {
    vi.stubEnv("SWORN_CHROMIUM", join(root, "absent"));
    await expect(ensureSystemPackages(["chromium"], say)).resolves.toBe(false);
    expect(said.join()).toContain("SWORN_CHROMIUM");
  });
});

describe("browser apps", () => {
  const vite = `const { mkdirSync, appendFileSync } = require("node:fs");
    mkdirSync("dist", { recursive: true });
    appendFileSync("../../builds", "x");`;
  const builds = () => readFileSync(join(root, "builds"), "utf8").length;

  it("are built when their sources differ from the last build, and only then", async () => {
    write("package-lock.json", "{}");
    write("node_modules/vite/bin/vite.js", vite);
    write("apps/web/vite.config.ts", "");
    const source = write("apps/web/src/main.tsx", "1");
    await expect(ensureWebApps(root, process.execPath, say)).resolves.toBe(true);
    await ensureWebApps(root, process.execPath, say);
    expect(builds()).toBe(1);
    writeFileSync(source, "2");
    await ensureWebApps(root, process.execPath, say);
    write("packages/sdk/src/index.ts", "new");
    await ensureWebApps(root, process.execPath, say);
    expect(builds()).toBe(3);
    write("packages/sdk/src/index.test.ts", "new");
    await ensureWebApps(root, process.execPath, say);
    expect(builds()).toBe(3);
  });

  it("stop the start when they cannot be built", async () => {
    write("package-lock.json", "{}");
    write("node_modules/vite/bin/vite.js", "process.exit(1)");
    write("apps/web/vite.config.ts", "");
    await expect(ensureWebApps(root, process.execPath, say)).resolves.toBe(false);
  });
});

describe("running a program", () => {
  /** Starts a launcher that runs `program`; resolves at the program's first word, its process id. */
  async function launch(program) {
    const file = write("program.mjs", program);
    const launcher = `import { runProgram } from ${JSON.stringify(new URL("run.mjs", import.meta.url).href)};
      process.exitCode = await runProgram({ root: ${JSON.stringify(checkout)}, node: process.execPath,
        program: ${JSON.stringify(relative(checkout, file))}, args: ["--exit"], env: { EXTRA: "1" } });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", launcher], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, npm_lifecycle_event: undefined, npm_command: undefined },
    });
    const ended = once(child, "close").then(([code]) => code);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    await expect.poll(() => output, { timeout: 5_000 }).toContain("\n");
    return { child, ended, pid: Number(output.split("\n")[0]), output: () => output };
  }
  const stays = `setInterval(() => {}, 1000); console.log(process.pid);`;
  const stopsOn = (signal) => `let heard = 0;
    process.on("${signal}", () => { heard += 1; setTimeout(() => { console.log("heard", heard); process.exit(5); }, 300); });`;
  const alive = (pid) => existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");

  it("hands over arguments, environment and exit code", async () => {
    const { ended, output } = await launch(
      `console.log(process.pid); console.log(process.argv[2], process.env.EXTRA); process.exitCode = 3;`,
    );
    await expect(ended).resolves.toBe(3);
    expect(output()).toContain("--exit 1");
  });

  it("passes Ctrl-C on once, although terminal and npm both send it, and waits for the end", async () => {
    const { child, ended, output } = await launch(stopsOn("SIGINT") + stays);
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGINT"), 50);
    await expect(ended).resolves.toBe(5);
    expect(output()).toContain("heard 1");
  });

  it("stops the program when it is itself killed", async () => {
    const { child, pid } = await launch(stays);
    child.kill("SIGKILL");
    await expect.poll(() => alive(pid), { timeout: 5_000 }).toBe(false);
  });

  it("leaves no process of the program behind", async () => {
    const { ended, pid } = await launch(
      `import { spawn } from "node:child_process";
       console.log(spawn("sleep", ["60"]).pid);
       process.exit(0);`,
    );
    await ended;
    await expect.poll(() => alive(pid), { timeout: 5_000 }).toBe(false);
  });
});
