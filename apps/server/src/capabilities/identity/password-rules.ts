import { Problem } from "@sworn/contract";

/** What lists of leaked passwords begin with, in letters alone; longer ones are mostly these with something added. */
const common: ReadonlySet<string> = new Set(
  (
    "password passwort passw pass contrasena motdepasse admin administrator root user guest welcome letmein login " +
    "iloveyou monkey dragon sunshine princess football baseball basketball superman batman master shadow michael " +
    "jennifer jordan hunter trustno trustnoone secret changeme change default temp temporary test testing qwerty " +
    "qwertyuiop qwertzuiop azerty azertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm abc abcdef abcdefgh abcdefghijkl " +
    "police officer sheriff bodycam evidence sworn summer winter spring autumn hello freedom whatever starwars " +
    "january february october november december monday friday company computer internet"
  ).split(" "),
);
const fillers = ["my", "the", "is", "me", "for", "new", "now", "please", "user", "this", "your", "and"];
const leet: Readonly<Record<string, string>> = { "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t" };

/**
 * Refuses what guessing begins with: common words with digits and signs around them, one piece again and again, rows of
 * the keyboard, the person's own name or address. Length is the schema's business (12 to 256). `password-weak`.
 */
export function refuseWeakPassword(password: string, about: { email: string; name: string }): void {
  const plain = password.normalize("NFKC").toLowerCase();
  const weak = (why: string): Problem => new Problem("password-weak", `${why} Choose a longer or less common one.`);
  if (new Set(plain).size < 5) throw weak("This password repeats a few characters.");
  if (/^(.{1,6}?)\1+.{0,5}$/su.test(plain)) throw weak("This password repeats one piece.");
  if (isRun(plain)) throw weak("This password is a row of neighbouring characters.");
  const letters = (text: string): string => text.replaceAll(/[^\p{L}]/gu, "");
  const bare = plain.replaceAll(/^[^\p{L}]+|[^\p{L}@$]+$/gu, "");
  const spelled = bare
    .replaceAll("@", "a")
    .replaceAll("$", "s")
    .replaceAll(/\d/g, (digit) => leet[digit] ?? digit);
  if ([letters(plain), letters(spelled)].some(isCommon)) throw weak("This password is among the most common ones.");
  const [email, name] = [about.email.toLowerCase(), about.name.toLowerCase()];
  const own = [email, name, email.split("@")[0] ?? "", ...name.split(/\s+/)].filter((each) => each.length > 3);
  const rest = own.toSorted((a, b) => b.length - a.length).reduce((text, each) => text.replaceAll(each, ""), plain);
  if (rest.length < plain.length && letters(rest).length < 5)
    throw weak("This password is made of your own name or address.");
}

/** Common words and small words between them, and nothing else. */
function isCommon(text: string): boolean {
  if (text === "") return true;
  const words = [...common, ...fillers].filter((word) => text.startsWith(word));
  return words.some(
    (word) => (text === word && common.has(word)) || (text !== word && isCommon(text.slice(word.length))),
  );
}

function isRun(text: string): boolean {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, at) => code - (codes[at] ?? 0));
  const along = steps.filter((step) => step === 1 || step === -1).length;
  return along >= steps.length - 2;
}
