import { readFileSync, readdirSync } from "node:fs";

/** One vector: fields as in its file. Readers below check the shape, since the files are data. */
export type Vector = { name: string; fields: { readonly [key: string]: unknown } };

const ROOT = new URL("../../../../vectors/", import.meta.url);

/** Every case of an area, sorted by name; an empty area is a mistake and throws. */
export function loadVectors(area: string): Vector[] {
  const folder = new URL(`${area}/`, ROOT);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted();
  if (names.length === 0) throw new Error(`no vectors in ${area}`);
  return names.map((name) => ({ name: name.slice(0, -5), fields: readFields(new URL(name, folder)) }));
}

function readFields(file: URL): { readonly [key: string]: unknown } {
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof parsed !== "object" || parsed === null) throw new Error(`${file.pathname} is no object`);
  return { ...parsed };
}

export function textOf({ name, fields }: Vector, key: string): string {
  const value = fields[key];
  if (typeof value !== "string") throw new Error(`${name}: ${key} is no text`);
  return value;
}

export function numberOf({ name, fields }: Vector, key: string): number {
  const value = fields[key];
  if (typeof value !== "number") throw new Error(`${name}: ${key} is no number`);
  return value;
}

export function textsOf({ name, fields }: Vector, key: string): string[] {
  const value = fields[key];
  if (!Array.isArray(value)) throw new Error(`${name}: ${key} is no list`);
  return value.map(String);
}

export function bytesOf(vector: Vector, key: string): Uint8Array {
  return new Uint8Array(Buffer.from(textOf(vector, key), "hex"));
}
