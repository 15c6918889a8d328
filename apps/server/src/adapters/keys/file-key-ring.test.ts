import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseVkey } from "@sworn/core";
import { nodeVerifyEd25519 } from "@sworn/core/node";
import { afterEach, describe, expect, it } from "vitest";
import { KeyRingError, openKeyRing, restoreFromSheet } from "./index.ts";

const ORIGIN = "sworn.example/log";
const MADE_AT = new Date("2026-11-20T21:03:58.120Z");
const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sworn-keys-"));
  folders.push(folder);
  return join(folder, "secrets");
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function codeOf(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof KeyRingError ? error.code : error;
  }
}
async function rejection(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => null,
    (error: unknown) => (error instanceof KeyRingError ? error.code : error),
  );
}

describe("file key ring", () => {
  it("makes keys once, private to the owner, and opens the same ones again", async () => {
    const folder = newFolder();
    const made = openKeyRing({ folder }, ORIGIN);
    expect(made.created).toBe(true);
    for (const file of ["master.key", "log.key"]) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const again = openKeyRing({ folder }, "another.example/log");
    expect(again).toMatchObject({
      created: false,
      logOrigin: ORIGIN,
      logVkey: made.logVkey,
      masterKeyId: made.masterKeyId,
    });
    const key = new Uint8Array(32).fill(7);
    const wrapped = await made.wrap(key, "evidence 1");
    expect(await again.unwrap(wrapped, "evidence 1", made.masterKeyId)).toEqual(key);
    expect(Buffer.from(wrapped).includes(Buffer.from(key))).toBe(false);
  });

  it("refuses another context, another master key and altered bytes, each by its code", async () => {
    const ring = openKeyRing({ folder: newFolder() }, ORIGIN);
    const other = openKeyRing({ folder: newFolder() }, ORIGIN);
    const wrapped = await ring.wrap(new Uint8Array(32), "evidence 1");
    expect(await rejection(ring.unwrap(wrapped, "evidence 2", ring.masterKeyId))).toBe("wrap-refused");
    expect(await rejection(other.unwrap(wrapped, "evidence 1", ring.masterKeyId))).toBe("other-master-key");
    expect(await rejection(other.unwrap(wrapped, "evidence 1", other.masterKeyId))).toBe("wrap-refused");
    for (let bit = 0; bit < wrapped.length * 8; bit += 37) {
      const altered = Uint8Array.from(wrapped);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await rejection(ring.unwrap(altered, "evidence 1", ring.masterKeyId))).toBe("wrap-refused");
    }
  });

  it("derives by purpose, and never the same bytes for two uses", () => {
    const folder = newFolder();
    const ring = openKeyRing({ folder }, ORIGIN);
    const derived = ["", "session", "session ", "database sworn_app", "id", "wrap"].map((purpose) =>
      Buffer.from(ring.derive(purpose)).toString("hex"),
    );
    expect(new Set(derived).size).toBe(derived.length);
    expect(Buffer.from(openKeyRing({ folder }, ORIGIN).derive("session")).toString("hex")).toBe(derived[1]);
    expect(readFileSync(join(folder, "master.key"), "utf8")).not.toContain(derived[1]);
    expect(derived.every((text) => !text.startsWith(ring.masterKeyId.slice(2)))).toBe(true);
  });

  it("signs what its public key verifies", () => {
    const ring = openKeyRing({ folder: newFolder() }, ORIGIN);
    const message = Buffer.from("checkpoint");
    const { publicKey, name } = parseVkey(ring.logVkey);
    expect(name).toBe(ORIGIN);
    expect(nodeVerifyEd25519(publicKey, message, ring.signLog(message))).toBe(true);
    expect(nodeVerifyEd25519(publicKey, Buffer.from("checkpoinT"), ring.signLog(message))).toBe(false);
  });

  it("refuses key files that others may read", () => {
    for (const file of ["master.key", "log.key"])
      for (const mode of [0o640, 0o604, 0o620, 0o644]) {
        const folder = newFolder();
        openKeyRing({ folder }, ORIGIN);
        chmodSync(join(folder, file), mode);
        expect(
          codeOf(() => openKeyRing({ folder }, ORIGIN)),
          `${file} ${mode.toString(8)}`,
        ).toBe("key-file-mode");
      }
  });

  it("never makes a new key beside an old one", () => {
    const withoutMaster = newFolder();
    openKeyRing({ folder: withoutMaster }, ORIGIN);
    rmSync(join(withoutMaster, "master.key"));
    expect(codeOf(() => openKeyRing({ folder: withoutMaster }, ORIGIN))).toBe("master-key-missing");
    const withoutLog = newFolder();
    openKeyRing({ folder: withoutLog }, ORIGIN);
    rmSync(join(withoutLog, "log.key"));
    expect(codeOf(() => openKeyRing({ folder: withoutLog }, ORIGIN))).toBe("log-key-missing");
    const swapped = newFolder();
    openKeyRing({ folder: swapped }, ORIGIN);
    writeFileSync(join(swapped, "master.key"), `${"ab".repeat(32)}\n`);
    expect(codeOf(() => openKeyRing({ folder: swapped }, ORIGIN))).toBe("other-master-key");
    writeFileSync(join(swapped, "master.key"), "not a key\n");
    expect(codeOf(() => openKeyRing({ folder: swapped }, ORIGIN))).toBe("key-file-malformed");
  });

  it("takes the master key from another file", () => {
    const folder = newFolder();
    const masterKeyFile = join(newFolder(), "elsewhere.key");
    const made = openKeyRing({ folder, masterKeyFile }, ORIGIN);
    expect(openKeyRing({ folder, masterKeyFile }, ORIGIN).logVkey).toBe(made.logVkey);
    expect(codeOf(() => openKeyRing({ folder }, ORIGIN))).toBe("master-key-missing");
  });
});

describe("recovery sheet", () => {
  const lineOf = (sheet: string, name: string): string =>
    sheet.split("\n").find((line) => line.startsWith(name)) ?? "missing";

  it("brings both keys back, typed by hand in another way", async () => {
    const ring = openKeyRing({ folder: newFolder() }, ORIGIN);
    const sheet = ring.recoverySheet(MADE_AT);
    for (const fact of [ORIGIN, ring.masterKeyId, ring.logVkey, MADE_AT.toISOString()]) expect(sheet).toContain(fact);
    const typed = sheet
      .split("\n")
      .map((line) =>
        /^[ML]\d/.test(line)
          ? line.toLowerCase().replaceAll("0", "o").replaceAll(" ", "-").replace("-", " ")
          : `  ${line}\r`,
      )
      .join("\n");
    const folder = newFolder();
    const restored = restoreFromSheet(typed, { folder });
    expect(restored).toMatchObject({ logVkey: ring.logVkey, masterKeyId: ring.masterKeyId, logOrigin: ORIGIN });
    const wrapped = await ring.wrap(new Uint8Array(32).fill(9), "evidence 1");
    const reopened = openKeyRing({ folder }, "ignored.example/log");
    expect(await reopened.unwrap(wrapped, "evidence 1", ring.masterKeyId)).toEqual(new Uint8Array(32).fill(9));
    expect(codeOf(() => restoreFromSheet(sheet, { folder }))).toBe("keys-exist");
  });

  it("names the line with any one mistyped character, and never restores another key", () => {
    const ring = openKeyRing({ folder: newFolder() }, ORIGIN);
    const sheet = ring.recoverySheet(MADE_AT);
    let missed = 0;
    let tried = 0;
    for (const name of ["M1", "M2", "M3", "M4", "L1", "L4"]) {
      const line = lineOf(sheet, name);
      for (let at = 4; at < line.length; at++) {
        if (line[at] === " ") continue;
        const other = line[at] === "7" ? "8" : "7";
        const typed = sheet.replace(line, line.slice(0, at) + other + line.slice(at + 1));
        const code = codeOf(() => restoreFromSheet(typed, { folder: newFolder() }));
        tried += 1;
        if (code === "sheet-checksum") missed += 1; // ten check bits let one slip in a thousand through to the 64 below
        else expect(code, typed).toBe("sheet-line");
      }
    }
    expect(tried).toBe(6 * 18);
    expect(missed).toBeLessThan(3);
  });

  it("refuses swapped, missing and doubled lines, another origin, and other text", () => {
    const sheet = openKeyRing({ folder: newFolder() }, ORIGIN).recoverySheet(MADE_AT);
    const other = openKeyRing({ folder: newFolder() }, ORIGIN).recoverySheet(MADE_AT);
    const [m1, m2, l1] = ["M1", "M2", "L1"].map((name) => lineOf(sheet, name)) as [string, string, string];
    const cases: [string, string][] = [
      ["sheet-line", sheet.replace(m1, `M1${m2.slice(2)}`).replace(m2, `M2${m1.slice(2)}`)],
      ["sheet-line", sheet.replace(l1, `L1${m1.slice(2)}`)],
      ["sheet-checksum", sheet.replace(m1, lineOf(other, "M1"))],
      ["sheet-checksum", sheet.replace(ORIGIN, "sworn.example/lag")],
      ["sheet-malformed", sheet.replace(m1, "")],
      ["sheet-malformed", `${sheet}\n${m1}`],
      ["sheet-malformed", sheet.replace("VERSION 1", "VERSION 2")],
      ["sheet-malformed", sheet.replace(/^Origin.*$/m, "")],
      ["sheet-malformed", ""],
    ];
    for (const [code, text] of cases) {
      const folder = newFolder();
      expect(codeOf(() => restoreFromSheet(text, { folder }))).toBe(code);
      expect(codeOf(() => statSync(folder))).toMatchObject({ code: "ENOENT" }); // nothing half-written
    }
  });
});
