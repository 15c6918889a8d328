// Crockford's alphabet: no I, L, O or U, so that what is read aloud or copied by hand comes back the same.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Bytes as base32 text, five bits a character, the last one padded with zero bits. */
export function toBase32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

/** The bytes of base32 text; O, I and L are read as 0, 1 and 1. Null for any other character. */
export function fromBase32(text: string): Uint8Array | null {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const character of text.toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1")) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 255);
    }
    held &= (1 << bits) - 1;
  }
  return Uint8Array.from(out);
}
