import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export type Coding = "br" | "gzip";

const worth = /^(text\/|application\/(json|manifest)|image\/svg)/;
/** A web build is some dozens of files; more than this means that something else is being asked for. */
const MOST = 500;
const cache = new Map<string, Promise<Buffer>>();

/** The best coding that this request takes for this type (RFC 9110 section 12.5.3), or null to send it as it is. */
export function codingFor(accepted: string | undefined, type: string, size: number): Coding | null {
  if (size < 1024 || !worth.test(type)) return null;
  const codings = (accepted ?? "").split(",").map((part) => part.trim());
  const takes = (name: Coding): boolean =>
    codings.some((coding) => coding === name || (coding.startsWith(`${name};`) && !/;\s*q=0(\.0*)?$/.test(coding)));
  return takes("br") ? "br" : takes("gzip") ? "gzip" : null;
}

/**
 * A file of the web build, compressed once and kept: only public code, never evidence or answers. `version` names its
 * path and what distinguishes this version of it.
 */
export function compressed(version: string, coding: Coding, read: () => Promise<Buffer>): Promise<Buffer> {
  const name = `${coding} ${version}`;
  const known = cache.get(name);
  if (known !== undefined) return known;
  if (cache.size >= MOST) cache.clear();
  const made = read().then((bytes) =>
    coding === "br"
      ? promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })
      : promisify(gzip)(bytes, { level: 6 }),
  );
  made.catch(() => cache.delete(name));
  cache.set(name, made);
  return made;
}
