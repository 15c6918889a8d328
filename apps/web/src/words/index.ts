import { admin } from "./en/admin.ts";
import { custody } from "./en/custody.ts";
import { evidence } from "./en/evidence.ts";
import { frame } from "./en/frame.ts";
import { library } from "./en/library.ts";
import { people } from "./en/people.ts";
import { uploads } from "./en/uploads.ts";

/**
 * Every word a person reads on these screens. A second language is a second object of this type
 * (sentences are functions, so that word order can change), chosen here.
 */
export const words = { frame, evidence, custody, library, uploads, people, admin };
export type Words = typeof words;
