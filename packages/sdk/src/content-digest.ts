/** RFC 9530 header value of these bytes: `sha-256=:…:`. Give `sha256` (32 bytes) where it is already known. */
export async function contentDigest(bytes: Uint8Array, sha256?: Uint8Array): Promise<string> {
  const hash = sha256 ?? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice()));
  return `sha-256=:${toBase64(hash)}:`;
}

/** Standard Base64 with padding; for short values (the string is built byte by byte). */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
