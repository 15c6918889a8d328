import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { sourceFiles } from "./source-files.ts";

const MOST = 500;
const catchAll = /^(utils?|helpers?|common|types|base|misc)\.(ts|tsx|mjs)$/;

export function checkSizes(root: string): string[] {
  return sourceFiles(root).flatMap((file) => {
    const lines = readFileSync(join(root, file), "utf8").split("\n").length - 1;
    return [
      ...(lines > MOST ? [`${file}: ${lines} lines, at most ${MOST}`] : []),
      ...(catchAll.test(basename(file)) ? [`${file}: a name that can hold anything`] : []),
    ];
  });
}
