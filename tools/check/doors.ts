import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isTestFile } from "./arrows.ts";
import { sourceFiles } from "./source-files.ts";

interface Door {
  readonly what: string;
  readonly only: string;
  readonly pattern: RegExp;
}

/** Bytes enter through `admit` alone, events through `append` alone. The grants say the same; this says it at review. */
const doors: readonly Door[] = [
  {
    what: "only intake/admit.ts may put objects",
    only: "apps/server/src/capabilities/intake/admit.ts",
    pattern: /\b(?:blobStore|blobs|store|objects)\.put\(/,
  },
  {
    what: "only custody/append.ts may insert into the log",
    only: "apps/server/src/capabilities/custody/append.ts",
    pattern:
      /insertInto\(\s*["']custody\.(?:entry|event_body|pending)["']|insert\s+into\s+custody\.(?:entry|event_body|pending)/i,
  },
];

export function checkDoors(root: string): string[] {
  return sourceFiles(root)
    .filter((file) => file.startsWith("apps/server/src/") && !isTestFile(file))
    .flatMap((file) => judgeDoors(file, readFileSync(join(root, file), "utf8")));
}

export function judgeDoors(file: string, text: string): string[] {
  return doors.filter((door) => file !== door.only && door.pattern.test(text)).map((door) => `${file}: ${door.what}`);
}
