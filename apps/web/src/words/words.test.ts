import { afterEach, describe, expect, it } from "vitest";
import { formatBytes } from "../ui/format/bytes.ts";
import { formatDay } from "../ui/format/day.ts";
import { momentsIn } from "../ui/format/moment.ts";
import { chooseLanguage } from "./choose-language.ts";
import { spanish } from "./es/index.ts";
import { inEnglish, language, speak, words, type Words } from "./index.ts";

afterEach(() => speak("en", inEnglish));

/** Said alike in both languages: names, signs and standards. */
const alike = new Set(
  "Sworn,GeoJSON,Original,CSV,PDF,Zoom,SHA-256,GNSS,NTP,Auditor,Supervisor,Roles,UTF-8,UTF-16 LE,UTF-16 BE,Latin-1 (Windows-1252),npx --no-install sworn admin create-set-up-link".split(
    ",",
  ),
);

/** Every sentence and list of a catalogue by its path; functions are written out with the same parameters. */
function said(group: unknown, path = ""): Map<string, string> {
  const all = new Map<string, string>();
  if (typeof group === "string") all.set(path, group);
  else if (typeof group === "object" && group !== null)
    for (const [key, value] of Object.entries(group))
      for (const [at, text] of said(value, path === "" ? key : `${path}.${key}`)) all.set(at, text);
  return all;
}

describe("the languages of the screens", () => {
  it("Spanish says everything in Spanish", () => {
    const [english, other] = [said(inEnglish), said(spanish)];
    const missing = [...english.keys()].filter((path) => !other.has(path));
    expect(missing, "said in English alone").toEqual([]);
    const same = [...english]
      .filter(([path, text]) => /\p{L}{3}/u.test(text) && other.get(path) === text && !alike.has(text))
      .map(([path, text]) => `${path}: ${text}`)
      .filter((line) => !/keys\.\d+\.keys\.\d+\.0:/.test(line));
    expect(same, "the same in both").toEqual([]);
  });

  it("a group that was named earlier speaks the language of now, by its rules for one and many", () => {
    const group = words.library;
    const { custody } = words;
    expect([group.title, group.totals(1, "2 min", "3 MB")]).toEqual(["Library", "1 item · 2 min · 3 MB"]);
    speak("es", spanish);
    expect(language()).toBe("es");
    expect([group.title, group.totals(12_408, "2 min", "3 MB")]).toEqual([
      "Biblioteca",
      "12.408 evidencias · 2 min · 3 MB",
    ]);
    expect([group.select.selected(1), group.select.selected(2)]).toEqual([
      "1 evidencia seleccionada",
      "2 evidencias seleccionadas",
    ]);
    expect(custody.kinds["hold.placed"]).toBe("Retención legal puesta");
    speak("en", inEnglish);
    expect(group.title).toBe("Library");
  });

  it("days, times and numbers follow the language, the zone does not", () => {
    const show = (): string[] => {
      const moments = momentsIn("America/New_York");
      return [
        formatBytes(6_100_000_000),
        formatDay("2027-02-18"),
        moments.full("2026-11-20T21:03:58.120Z"),
        moments.clock("2026-11-20T21:03:58.120Z", true),
      ];
    };
    expect(show()).toEqual(["6.1 GB", "18 Feb 2027", "20 Nov 2026 16:03:58", "16:03:58.120"]);
    speak("es", spanish);
    expect(show()).toEqual(["6,1 GB", "18 feb 2027", "20 nov 2026 16:03:58", "16:03:58,120"]);
  });

  it("a refusal is said by its code, and in the server's words where the code is not known", () => {
    const problem = (code: string): string => words.frame.problem(code, "The server's own detail.");
    expect(problem("name-taken")).toBe("The server's own detail.");
    speak("es", spanish satisfies Words);
    expect(problem("name-taken")).toBe("Aquí ya hay algo con ese nombre. Elija otro.");
    expect(problem("of-tomorrow")).toBe("The server's own detail.");
  });

  it.each([
    ["es", ["en-US"], "en", "es"],
    [null, ["fr-FR", "es-MX", "en"], "en", "es"],
    [null, ["fr-FR"], "es", "es"],
    [null, [], null, "en"],
    ["xx", ["es"], null, "es"],
  ] as const)("own %s, browser %s, agency %s → %s", (own, browser, agency, chosen) => {
    expect(chooseLanguage(own, browser, agency)).toBe(chosen);
  });
});
