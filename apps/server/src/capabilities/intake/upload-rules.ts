import { Problem } from "@sworn/contract";

/** What a client may say about a file. Anything else it sends is not kept. */
export interface UploadFacts {
  readonly name: string;
  readonly declaredType: string | null;
  readonly declaredSha256: Uint8Array | null;
  readonly capturedAt: Date | null;
  readonly title: string | null;
  readonly deviceId: string | null;
}

const MAX_NAME = 200;
// Controls, line separators, byte-order mark, and the marks that turn text around ("gpj.exe" read as "exe.jpg").
const UNSHOWABLE = /[\p{Cc}\u{2028}\u{2029}\u{FEFF}\u{061C}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;

/**
 * A name for the screen and nothing else: it never becomes part of a path. The last part of a path, NFC, at most 200
 * characters. `name-refused` where nothing readable is left.
 */
export function cleanFileName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const cleaned = shorten(last.replaceAll(UNSHOWABLE, "").normalize("NFC").trim()).trim();
  if (/^\.*$/.test(cleaned)) throw new Problem("name-refused", "Nothing readable is left of this file name.");
  return cleaned;
}

/** The `Upload-Metadata` header (tus 1.0): pairs of a key and base64 of UTF-8 text. */
export function parseUploadMetadata(header: string | undefined): UploadFacts {
  const pairs = new Map<string, string>();
  for (const pair of (header ?? "").split(",").map((text) => text.trim())) {
    if (pair === "") continue;
    const [key = "", value = "", ...more] = pair.split(/ +/);
    if (more.length > 0 || pairs.has(key) || !/^[\w.-]{1,100}$/.test(key))
      throw new Problem("request-malformed", "Upload-Metadata is not a list of keys with base64 values.");
    pairs.set(key, value);
  }
  const text = (key: string, most: number): string | null => {
    const value = pairs.get(key);
    if (value === undefined || value === "") return null;
    const decoded = decodeText(key, value);
    if (decoded.length > most && key !== "filename") throw new Problem("request-malformed", `${key} is too long.`);
    return decoded;
  };
  const filename = text("filename", Number.POSITIVE_INFINITY);
  const title = text("title", 2000)?.replaceAll(UNSHOWABLE, "").normalize("NFC").trim() ?? "";
  return {
    name: filename === null ? "unnamed file" : cleanFileName(filename),
    declaredType: text("filetype", 200)?.replaceAll(UNSHOWABLE, "") ?? null,
    declaredSha256: parseSha256(text("sha256", 64)),
    capturedAt: parseTime(text("capturedAt", 40)),
    title: title === "" ? null : shorten(title),
    deviceId: parseDevice(text("deviceId", 36)),
  };
}

/** By code points, so that no character outside the basic plane is cut in two. */
const shorten = (text: string): string => Array.from(text).slice(0, MAX_NAME).join("");

function decodeText(key: string, value: string): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) throw new Problem("request-malformed", `${key} is not base64.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(value, "base64"));
  } catch (cause) {
    throw new Problem(key === "filename" ? "name-refused" : "request-malformed", `${key} is not UTF-8 text.`, {
      cause,
    });
  }
}

function parseSha256(text: string | null): Uint8Array | null {
  if (text === null) return null;
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new Problem("request-malformed", "sha256 is not 64 hexadecimal digits.");
  return Buffer.from(text, "hex");
}

function parseTime(text: string | null): Date | null {
  if (text === null) return null;
  const time = new Date(text);
  // A clock that is years off is the camera's claim and is kept as one; only what is no time at all is refused.
  // "9999-12-31T23:59-12:00" is the year 10000 here, and one such item would break every list that it is on.
  const year = time.getUTCFullYear();
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) || !(year >= 1 && year <= 9999))
    throw new Problem("request-malformed", "capturedAt is not an RFC 3339 time.");
  return time;
}

function parseDevice(text: string | null): string | null {
  if (text !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new Problem("request-malformed", "deviceId is not an id.");
  return text;
}

/** A header that holds one whole number from 0 on, or null where it is missing. */
export function parseWhole(name: string, header: string | undefined): number | null {
  if (header === undefined) return null;
  const value = Number(header);
  if (!/^\d{1,16}$/.test(header) || !Number.isSafeInteger(value))
    throw new Problem("request-malformed", `${name} is not a whole number.`);
  return value;
}

export interface DeclaredChecksum {
  readonly algorithm: "sha256" | "sha1";
  readonly digest: Uint8Array;
}

/** `Upload-Checksum: sha256 <base64>` (tus checksum extension). `checksum-algorithm`, `request-malformed`. */
export function parseChecksum(header: string | undefined): DeclaredChecksum | null {
  if (header === undefined) return null;
  const [algorithm, value = "", ...more] = header.trim().split(/ +/);
  if (algorithm !== "sha256" && algorithm !== "sha1") throw new Problem("checksum-algorithm");
  const digest = Buffer.from(value, "base64");
  if (more.length > 0 || digest.length !== (algorithm === "sha256" ? 32 : 20) || digest.toString("base64") !== value)
    throw new Problem("request-malformed", "Upload-Checksum is not an algorithm and a base64 digest.");
  return { algorithm, digest };
}
