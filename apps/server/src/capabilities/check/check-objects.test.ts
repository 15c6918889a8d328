import {
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
  copyFile,
  appendFile,
} from "node:fs/promises";
import { join } from "node:path";
import { SEALED_CHUNK_LENGTH, SEAL_HEADER_LENGTH } from "@sworn/core";
import { expect, test } from "vitest";

import { exitCodeOf, type FindingCode } from "./finding.ts";
import { runCheck } from "./run-check.ts";
import { type Damaging, expectFound, useFilledDeployment } from "./damage.testing.ts";

const damage = useFilledDeployment({ files: true });

/** Where an object lies: the store's own folders are its business, so it is looked for. */
async function pathOf({ d }: Damaging, key: string): Promise<string> {
  const entries = await readdir(join(d.folder, "objects"), { recursive: true, withFileTypes: true });
  const found = entries.find(
    (entry) => entry.isFile() && join(entry.parentPath, entry.name).replaceAll("/", "").endsWith(key),
  );
  if (found === undefined) throw new Error(`no file for ${key}`);
  return join(found.parentPath, found.name);
}
const keyOf = ({ ids }: Damaging, seq: number): string => ids.upload.objects[seq] ?? "";
const flip = async (path: string, at: number): Promise<void> => {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
};

type Case = [
  what: string,
  edit: (path: string, on: Damaging) => Promise<void>,
  code: FindingCode,
  also?: FindingCode[],
];

// The object has 70,000 plain bytes: four whole chunks and a short one.
const cases: Case[] = [
  ["first byte flipped", (path) => flip(path, 0), "object-altered"],
  ["last byte of the header flipped", (path) => flip(path, SEAL_HEADER_LENGTH - 1), "object-altered"],
  ["a byte of the first chunk flipped", (path) => flip(path, SEAL_HEADER_LENGTH), "object-altered"],
  [
    "a byte of the third chunk flipped",
    (path) => flip(path, SEAL_HEADER_LENGTH + 2 * SEALED_CHUNK_LENGTH + 99),
    "object-altered",
  ],
  ["last byte flipped", async (path) => flip(path, (await stat(path)).size - 1), "object-altered"],
  ["cut by one byte", async (path) => truncate(path, (await stat(path)).size - 1), "object-altered"],
  ["cut at a chunk's end", (path) => truncate(path, SEAL_HEADER_LENGTH + 3 * SEALED_CHUNK_LENGTH), "object-altered"],
  ["cut to the header", (path) => truncate(path, SEAL_HEADER_LENGTH), "object-altered"],
  ["emptied", (path) => truncate(path, 0), "object-altered"],
  ["a byte added", (path) => appendFile(path, "x"), "object-altered"],
  ["a chunk doubled", (path) => doubleChunk(path), "object-altered"],
  ["two chunks swapped", (path) => swapChunks(path), "object-altered"],
  ["zeros where a page was", (path) => zeroPage(path), "object-altered"],
  ["deleted", (path) => rm(path), "object-missing"],
  [
    "replaced by another object of the same file",
    async (path, on) => copyFile(await pathOf(on, keyOf(on, 0)), path),
    "object-altered",
  ],
  [
    "replaced by an object of another item",
    async (path, on) => copyFile(await pathOf(on, on.ids.other.objects[1] ?? ""), path),
    "object-altered",
  ],
];

test.each(cases)("object: %s", (_, edit, code, also = []) =>
  damage(async (on) => {
    await edit(await pathOf(on, keyOf(on, 1)), on);
    await expectFound(on.d, code, `object ${keyOf(on, 1)}`, also);
  }),
);

test("every single object is looked at", () =>
  damage(async (on) => {
    const keys: string[] = [];
    for await (const { key } of on.d.blobStore.list()) keys.push(key);
    expect(keys.length).toBeGreaterThan(12);
    for (const key of keys) await flip(await pathOf(on, key), 40);
    const findings = await runCheck(on.d.check);
    const named = findings.filter(({ code }) => code === "object-altered").map(({ subject }) => subject.id);
    expect([...new Set(named)].toSorted()).toEqual(keys.toSorted());
  }));

test("objects: two swapped are both named", () =>
  damage(async (on) => {
    const [a, b] = [await pathOf(on, keyOf(on, 0)), await pathOf(on, on.ids.other.objects[0] ?? "")];
    await rename(a, `${a}.x`);
    await rename(b, a);
    await rename(`${a}.x`, b);
    const findings = await runCheck(on.d.check);
    const named = new Set(findings.filter(({ code }) => code === "object-altered").map(({ subject }) => subject.id));
    expect(named).toEqual(new Set([keyOf(on, 0), on.ids.other.objects[0]]));
  }));

test("objects: one more is information while it is young and wrong after a day", () =>
  damage(async (on) => {
    const path = await pathOf(on, keyOf(on, 1));
    const copy = "00000000-0000-4000-8000-000000000000";
    await on.d.blobStore.put(copy, [await readFile(path)]);
    const young = await runCheck(on.d.check);
    expect(young).toMatchObject([{ code: "object-unknown-young", severity: "information", subject: { id: copy } }]);
    expect(exitCodeOf(young)).toBe(0);
    const before = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(await pathOf(on, copy), before, before);
    const old = await runCheck(on.d.check);
    expect(old).toMatchObject([{ code: "object-unknown", severity: "wrong", subject: { id: copy } }]);
    expect(exitCodeOf(old)).toBe(1);
  }));

async function doubleChunk(path: string): Promise<void> {
  const bytes = await readFile(path);
  const end = SEAL_HEADER_LENGTH + SEALED_CHUNK_LENGTH;
  await writeFile(path, Buffer.concat([bytes.subarray(0, end), bytes.subarray(SEAL_HEADER_LENGTH)]));
}

async function swapChunks(path: string): Promise<void> {
  const bytes = await readFile(path);
  const chunk = (i: number) =>
    bytes.subarray(SEAL_HEADER_LENGTH + i * SEALED_CHUNK_LENGTH, SEAL_HEADER_LENGTH + (i + 1) * SEALED_CHUNK_LENGTH);
  const rest = bytes.subarray(SEAL_HEADER_LENGTH + 2 * SEALED_CHUNK_LENGTH);
  await writeFile(path, Buffer.concat([bytes.subarray(0, SEAL_HEADER_LENGTH), chunk(1), chunk(0), rest]));
}

async function zeroPage(path: string): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(path, bytes.fill(0, 4096, 8192));
}
