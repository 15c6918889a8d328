import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { announceAddress, announcedAddress, lockDataHome, prepareDataHome, resolveDataHome } from "./index.ts";

const folderUrl = new URL(".", import.meta.url).href;
let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "sworn-test-home-"));
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

describe("where it is", () => {
  it.each([
    [{ SWORN_HOME: "/srv/evidence" }, 0, "/srv/evidence"],
    [{ SWORN_HOME: "/srv/evidence", XDG_DATA_HOME: "/x" }, 1000, "/srv/evidence"],
    [{ XDG_DATA_HOME: "/x" }, 0, "/var/lib/sworn"],
    [{ XDG_DATA_HOME: "/x", HOME: "/home/a" }, 1000, "/x/sworn"],
    [{ XDG_DATA_HOME: "relative", HOME: "/home/a" }, 1000, "/home/a/.local/share/sworn"],
    [{ SWORN_HOME: "", HOME: "/home/a" }, 1000, "/home/a/.local/share/sworn"],
  ])("%j as user %i is %s", (env, uid, path) => {
    expect(resolveDataHome(env, uid)).toBe(path);
  });
});

describe("the server's address", () => {
  it("is told while the server that wrote it runs, and by no other", async () => {
    expect(announcedAddress(base)).toBeNull();
    const takeBack = announceAddress(base, "http://127.0.0.1:41234");
    expect(announcedAddress(base)).toBe("http://127.0.0.1:41234");
    await takeBack();
    expect(announcedAddress(base)).toBeNull();
    const gone = spawn("true");
    await once(gone, "exit");
    writeFileSync(join(base, "address.json"), JSON.stringify({ url: "http://127.0.0.1:41234", pid: gone.pid }));
    expect(announcedAddress(base)).toBeNull();
  });
});

describe("preparing", () => {
  it("closes it to others, and lets the database's user through only as root", () => {
    const path = join(base, "new", "home");
    const home = prepareDataHome(path, 0);
    expect(statSync(path).mode & 0o777).toBe(0o711);
    chmodSync(home.secrets, 0o755);
    prepareDataHome(path, 1000);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(home.secrets).mode & 0o777).toBe(0o700);
  });

  it("leaves a folder alone that holds other things", () => {
    writeFileSync(join(base, "thesis.tex"), "");
    chmodSync(base, 0o755);
    expect(() => prepareDataHome(base)).toThrow(expect.objectContaining({ code: "not-a-data-home" }));
    expect(statSync(base).mode & 0o777).toBe(0o755);
  });

  it("leaves an empty folder alone that everybody may write to", () => {
    const shared = join(base, "tmp");
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    expect(() => prepareDataHome(shared)).toThrow(expect.objectContaining({ code: "not-a-data-home" }));
  });

  it("says so when it cannot be made", () => {
    writeFileSync(join(base, "file"), "");
    expect(() => prepareDataHome(join(base, "file", "home"))).toThrow(
      expect.objectContaining({ code: "data-home-denied" }),
    );
  });
});

describe("the lock", () => {
  it("has one holder, and tells the other who that is", () => {
    const home = prepareDataHome(join(base, "home"));
    const lock = lockDataHome(home, "first");
    expect(() => lockDataHome(home, "second")).toThrow(
      expect.objectContaining({
        code: "data-home-held",
        holder: expect.objectContaining({ pid: process.pid, purpose: "first" }),
      }),
    );
    lock.release();
    lock.release();
    lockDataHome(home, "second").release();
  });

  it("is free again after kill -9 of its holder", async () => {
    const home = prepareDataHome(join(base, "home"));
    const holder = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `const { lockDataHome } = await import(${JSON.stringify(`${folderUrl}index.ts`)});
         globalThis.lock = lockDataHome(${JSON.stringify(home)}, "holder");
         process.stdout.write("held");
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(holder.stdout, "data");
    expect(() => lockDataHome(home, "test")).toThrow(expect.objectContaining({ code: "data-home-held" }));
    holder.kill("SIGKILL");
    await once(holder, "exit");
    lockDataHome(home, "test").release();
  });
});

describe("watching the launcher", () => {
  const program = `process.on("SIGTERM", () => { process.stdout.write("stopping"); process.exit(7); });
    process.stdout.write(String(process.env.SWORN_PARENT_FD));
    setInterval(() => {}, 1000);`;

  it("turns the end of the pipe into SIGTERM, and hides the pipe from children of its own", async () => {
    const child = spawn(process.execPath, ["--import", `${folderUrl}parent-watch.ts`, "-e", program], {
      stdio: ["ignore", "pipe", "inherit", "pipe"],
      env: { ...process.env, SWORN_PARENT_FD: "3" },
    });
    const [first] = await once(child.stdout ?? child, "data");
    expect(String(first)).toBe("undefined");
    const pipe = child.stdio[3];
    if (pipe === null || pipe === undefined) throw new Error("the pipe was not made");
    pipe.destroy();
    const [code] = await once(child, "exit");
    expect(code).toBe(7);
  });

  it("does nothing where no launcher is", async () => {
    const child = spawn(process.execPath, ["--import", `${folderUrl}parent-watch.ts`, "-e", "0"], { stdio: "ignore" });
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
  });
});
