import { randomInt } from "node:crypto";

const letters = "abcdefghjkmnpqrstuvwxyz23456789"; // none that are mistaken for another when read aloud

/** A first password: four groups of five, about 99 bits. */
export function generatePassword(): string {
  const group = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}
