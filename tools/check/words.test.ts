import { describe, expect, it } from "vitest";
import { judgeWords } from "./words.ts";

const sentences = new Set(["library.title", "library.items"]);
const judge = (source: string): string[] => judgeWords(source, (path) => sentences.has(path.join(".")));

describe("every string that people read comes from the catalogue", () => {
  it.each([
    ["text of an element", "const a = <p>Nothing here</p>;", "Nothing here"],
    ["text in braces", 'const a = <p>{"Nothing"}</p>;', "Nothing"],
    ["one side of a choice", 'const a = <p>{ok ? say.fine : "Broken"}</p>;', "Broken"],
    ["a template", "const a = <p>{`${n} items`}</p>;", "items"],
    ["aria-label", 'const a = <button aria-label="Close" />;', "Close"],
    ["aria-label in braces", "const a = <button aria-label={`Close ${name}`} />;", "Close"],
    ["title", 'const a = <i title={open ? "Hide" : "Show"} />;', "Show"],
    ["alt", 'const a = <img alt="Map" />;', "Map"],
    ["placeholder", 'const a = <input placeholder="Search" />;', "Search"],
    ["a component's own label", 'const a = <SelectField label="Owner" />;', "Owner"],
    ["inside another attribute", "const a = <Note icon={<b>Held</b>} />;", "Held"],
    ["a sentence anywhere", 'const why = "The server does not answer.";', "The server does not answer."],
    [
      "a sentence as an answer",
      'const f = () => ({ text: "Nothing was changed here." });',
      "Nothing was changed here.",
    ],
  ])("finds %s", (_what, source, said) => {
    expect(judge(source).join("\n")).toContain(said);
  });

  it.each([
    ["words of the catalogue", "const a = <p title={say.title}>{say.items(2)}</p>;"],
    ["classes, keys and ids", 'const a = <p className="mark held" id="x" role="alert" data-kind="video">{"·"}</p>;'],
    ["units and names", "const a = <p>{`${n} km/h`} SHA-256</p>;"],
    ["what an error says to those who run it", 'if (x) throw new Error("Index has no root element.");'],
    ["what is typed into a terminal", "const a = <pre>{`npx sworn --url ${url}`} --token KEY</pre>;"],
    ["parameters of calls", 'const a = <p>{format("short")}</p>;'],
  ])("leaves %s", (_what, source) => {
    expect(judge(source)).toEqual([]);
  });

  it("finds a sentence that is read while the file loads, and leaves groups and functions alone", () => {
    expect(judge("const say = words.library;\nconst title = say.title;")[0]).toContain(
      "2: words.library.title is read",
    );
    expect(judge("const { title } = words.library;")[0]).toContain("title is read");
    expect(judge("const tabs = [{ name: words.library.items }];")[0]).toContain("words.library.items is read");
    expect(judge("const say = words.library;\nfunction show() { return say.title; }")).toEqual([]);
  });
});
