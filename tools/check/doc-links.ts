import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { walk } from "./source-files.ts";

/** Relative links and pictures in Markdown that lead nowhere. */
export function checkDocLinks(root: string): string[] {
  return walk(root, root)
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => brokenLinks(root, path));
}

function brokenLinks(root: string, path: string): string[] {
  const text = readFileSync(join(root, path), "utf8").replaceAll(/```[\s\S]*?```/g, "");
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1] ?? "")
    .filter((link) => !/^[a-z]+:/i.test(link) && !existsSync(join(root, dirname(path), link)))
    .map((link) => `${path}: ${link} does not exist`);
}
