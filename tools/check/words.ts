import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "rolldown/parseAst";
import { sourceFiles } from "./source-files.ts";

/**
 * Every string that people read comes from the catalogue (apps/web/src/words): here are found those that do not, and
 * sentences of it that are read while a file loads, before anybody has chosen a language.
 */
export function checkWords(root: string, isSentence: (path: readonly string[]) => boolean): string[] {
  return sourceFiles(root)
    .filter((file) => file.startsWith("apps/web/src/") && !file.includes("/words/"))
    .filter((file) => !/\.(test|testing|worker)\.tsx?$/.test(file))
    .flatMap((file) => judgeWords(readFileSync(join(root, file), "utf8"), isSentence).map((why) => `${file}:${why}`));
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number };

/** What a screen reader or a pointer shows of an element, beside its content. */
const spoken = new Set(
  "aria-label aria-description aria-roledescription aria-valuetext aria-placeholder alt title placeholder label description".split(
    " ",
  ),
);
const verbatim = new Set(["code", "pre", "kbd", "samp", "style"]);
/** Signs that are the same in every language. */
const signs =
  /(?<![\p{L}\d])(?:ms|s|min|h|m|km|km\/h|kHz|kB|MB|GB|fps|px|SHA-256|JSON|GeoJSON|CSV|PDF|URL|API|Sworn)(?!\p{L})/gu;
const isWord = (text: string): boolean => /\p{L}{2,}/u.test(text.replaceAll(signs, ""));
const isProse = (text: string): boolean => /^\p{Lu}[\p{L}’'-]+,? [\p{L}’'-]+[ ,.]/u.test(text);

/** One line per string: "line: what it says". */
export function judgeWords(source: string, isSentence: (path: readonly string[]) => boolean): string[] {
  const found: string[] = [];
  const line = (node: Node): number => source.slice(0, node.start).split("\n").length;
  const say = (node: Node, text: string): void => {
    found.push(`${line(node)}: “${text.trim()}” is not in the catalogue (src/words)`);
  };
  const shown = (node: Node): void => {
    for (const [at, text] of textsOf(node)) if (isWord(text)) say(at, text);
  };
  const program = parseAst(source, { lang: "tsx" }) as unknown as Node;
  walk(program, (node) => {
    // What is typed into a terminal is the same in every language.
    if (node.type === "JSXElement" && verbatim.has(elementOf(node))) return [];
    if (node.type === "JSXText") shown(node);
    if (node.type === "JSXExpressionContainer") shown(node);
    if (node.type === "JSXAttribute") {
      const name = (node["name"] as Node)["name"];
      const value = node["value"] as Node | null;
      if (value !== null && typeof name === "string" && spoken.has(name)) shown(value);
      return value?.type === "JSXExpressionContainer" && !spoken.has(String(name)) ? [value["expression"]] : [];
    }
    // What an error says to those who run the program is no sentence of a screen.
    if (node.type === "ThrowStatement" || (node.type === "NewExpression" && calleeOf(node).endsWith("Error")))
      return [];
    if (node.type === "CallExpression" && calleeOf(node) === "console") return [];
    if (node.type === "ImportDeclaration") return [];
    if (node.type === "Literal" || node.type === "TemplateElement")
      for (const [at, text] of textsOf(node)) if (isProse(text)) say(at, text);
    return undefined;
  });
  return [...new Set([...found, ...readTooEarly(program, isSentence, line)])];
}

/** Sentences named while the file loads: they would stay in the language of that moment. */
function readTooEarly(
  program: Node,
  isSentence: (path: readonly string[]) => boolean,
  line: (node: Node) => number,
): string[] {
  const found: string[] = [];
  const known = new Map<string, readonly string[]>([["words", []]]);
  const pathOf = (node: Node): readonly string[] | null => {
    if (node.type === "Identifier") return known.get(String(node["name"])) ?? null;
    if (node.type !== "MemberExpression" || node["computed"] === true) return null;
    const before = pathOf(node["object"] as Node);
    return before === null ? null : [...before, String((node["property"] as Node)["name"])];
  };
  walk(program, (node) => {
    if (/Function/.test(node.type) || node.type === "PropertyDefinition" || node.type.startsWith("TS")) return [];
    if (node.type === "VariableDeclarator") {
      const [id, init] = [node["id"] as Node, node["init"] as Node | null];
      const path = init === null ? null : pathOf(init);
      if (id.type === "Identifier" && path !== null) known.set(String(id["name"]), path);
      if (id.type === "ObjectPattern" && path !== null)
        for (const property of id["properties"] as Node[]) {
          const key = (property["key"] as Node | undefined)?.["name"];
          if (isSentence([...path, String(key)]))
            found.push(`${line(property)}: ${String(key)} is read before a language is chosen`);
        }
    }
    const path = node.type === "MemberExpression" ? pathOf(node) : null;
    if (path !== null && isSentence(path)) {
      found.push(`${line(node)}: words.${path.join(".")} is read before a language is chosen`);
      return [];
    }
    return undefined;
  });
  return found;
}

/** The literal texts that an expression may come to; what it calls or computes is judged elsewhere. */
function textsOf(node: Node): (readonly [Node, string])[] {
  const inner = (key: string): (readonly [Node, string])[] =>
    typeof node[key] === "object" && node[key] !== null ? textsOf(node[key] as Node) : [];
  switch (node.type) {
    case "Literal":
    case "JSXText":
      return typeof node["value"] === "string" ? [[node, node["value"]]] : [];
    case "TemplateElement":
      return [[node, (node["value"] as { cooked?: string }).cooked ?? ""]];
    case "TemplateLiteral":
      return (node["quasis"] as Node[]).flatMap(textsOf);
    case "JSXExpressionContainer":
      return inner("expression");
    case "ConditionalExpression":
      return [...inner("consequent"), ...inner("alternate")];
    case "LogicalExpression":
      return [...inner("left"), ...inner("right")];
    case "BinaryExpression":
      return node["operator"] === "+" ? [...inner("left"), ...inner("right")] : [];
    default:
      return [];
  }
}

function elementOf(node: Node): string {
  const name = (node["openingElement"] as Node)["name"] as Node;
  return typeof name["name"] === "string" ? name["name"] : "";
}

function calleeOf(node: Node): string {
  const callee = node["callee"] as Node;
  const name = callee.type === "MemberExpression" ? (callee["object"] as Node)["name"] : callee["name"];
  return typeof name === "string" ? name : "";
}

/** Depth first; `visit` may answer which children to go on with. */
function walk(node: unknown, visit: (node: Node) => readonly unknown[] | undefined): void {
  if (Array.isArray(node)) for (const each of node) walk(each, visit);
  if (typeof node !== "object" || node === null || !("type" in node) || typeof node.type !== "string") return;
  const children = visit(node as Node) ?? Object.values(node);
  for (const child of children) walk(child, visit);
}
