import { admin } from "./en/admin.ts";
import { audit } from "./en/audit.ts";
import { calls } from "./en/calls.ts";
import { captions } from "./en/captions.ts";
import { custody } from "./en/custody.ts";
import { delegations } from "./en/delegations.ts";
import { derivatives } from "./en/derivatives.ts";
import { design } from "./en/design.ts";
import { evidence } from "./en/evidence.ts";
import { frame } from "./en/frame.ts";
import { health } from "./en/health.ts";
import { imports } from "./en/imports.ts";
import { incidents } from "./en/incidents.ts";
import { library } from "./en/library.ts";
import { markers } from "./en/markers.ts";
import { mine } from "./en/mine.ts";
import { people } from "./en/people.ts";
import { related } from "./en/related.ts";
import { sharing } from "./en/sharing.ts";
import { shifts } from "./en/shifts.ts";
import { times } from "./en/times.ts";
import { today } from "./en/today.ts";
import { uploads } from "./en/uploads.ts";
import { copyOf, overwrite, type Shape } from "./shape.ts";

const english = {
  admin,
  audit,
  calls,
  captions,
  custody,
  delegations,
  derivatives,
  design,
  evidence,
  frame,
  health,
  imports,
  incidents,
  library,
  markers,
  mine,
  people,
  related,
  sharing,
  shifts,
  times,
  today,
  uploads,
};

/** What every language must say: the type check refuses one that lacks a word or has one too many. */
export type Words = Shape<typeof english>;

/** The languages that the screens speak, each by its own name. */
export const languages = { en: "English", es: "Español" } as const;
export type Language = keyof typeof languages;

/** How a language writes days and numbers. English days go before months, and nobody reads 04/05 twice. */
const locales: Readonly<Record<Language, string>> = { en: "en-GB", es: "es-ES" };

/**
 * Every word a person reads on these screens. The objects stay and their sentences change with the language, so a part
 * of them may be named at the top of a file; a single sentence must not: it would stay in the language of then.
 */
export const words: Words = copyOf<Words>(english);

let spoken: Language = "en";

/** From here on `words` says everything in this language. Screens that are shown must be drawn anew. */
export function speak(language: Language, all: Words): void {
  overwrite(words, all);
  spoken = language;
}
export const inEnglish: Words = english;
export const language = (): Language => spoken;
export const locale = (): string => locales[spoken];
