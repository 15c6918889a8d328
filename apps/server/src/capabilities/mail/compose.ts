import type { Language } from "@sworn/contract";
import type { Letter } from "../../ports/mail.ts";
import type { Notice } from "../../ports/notify.ts";
import { type Facts, lettersIn } from "./words.ts";

export interface Draft {
  readonly kind: Notice["kind"];
  readonly language: Language;
  readonly to: Letter["to"];
  readonly facts: Facts;
  /** Where the letter's one link leads: an absolute address; `linkTo` made it. */
  readonly link: string | null;
  readonly fromName: string;
  /** The agency's colour; checked when it was chosen. */
  readonly accent: string;
}

/** A letter laid out twice: as text, and as HTML without pictures, scripts or anything that is fetched. */
export function compose({ kind, language, to, facts, link, fromName, accent }: Draft): Letter {
  const words = lettersIn[language];
  const { subject, lines, action } = words[kind](facts);
  const said = [words.hello(to.name), ...lines].filter((line) => line !== "").map(flat);
  const linked = action !== null && link !== null;
  const text = [...said, ...(linked ? [`${action}: ${link}`] : []), "--", flat(words.foot(facts.agency))].join("\n\n");
  const html = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escape(subject)}</title></head>`,
    '<body style="font-family:sans-serif;line-height:1.5;color:#1a1d21;background:#fff;max-width:34em;margin:2em auto;padding:0 1em">',
    ...said.map((line) => `<p>${escape(line)}</p>`),
    linked ? `<p><a href="${escape(link)}" style="color:${escape(accent)}">${escape(action)}</a></p>` : "",
    `<hr><p style="color:#555;font-size:.875em">${escape(flat(words.foot(facts.agency)))}</p></body></html>`,
  ].join("\n");
  return { to, fromName, subject: flat(subject), text: `${text}\n`, html };
}

/** Throws where a path would lead elsewhere: no letter of ours links to another server. */
export function linkTo(publicUrl: string, path: string): string {
  const url = new URL(path, publicUrl);
  if (url.origin !== new URL(publicUrl).origin) throw new Error("a letter's link must lead to this server");
  return url.href;
}

/** Names come from people: on one line, so that none can write a paragraph of its own. */
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const flat = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim();

const marks: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? "");
