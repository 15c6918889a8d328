import { join, normalize } from "node:path";
import { importsOf, sourceFiles } from "./source-files.ts";

/**
 * The arrows of ARCHITECTURE.md: which part may import which. A part that is not listed may import nothing of ours.
 * Tests are held to them too, with one exception: they may use the testing fixtures and the adapters they exercise.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  core: ["contract"],
  verify: ["contract", "core"],
  sdk: ["contract"],
  testkit: ["contract", "core", "ports"],
  ports: ["contract", "core"],
  capabilities: ["contract", "core", "ports"],
  adapters: ["contract", "core", "ports"],
  http: ["contract", "core", "ports", "capabilities"],
  main: ["contract", "core", "ports", "capabilities", "adapters", "http"],
  web: ["contract", "core", "verify", "sdk"],
  camera: ["contract", "core", "verify", "sdk"],
  cli: ["contract", "core", "verify", "sdk"],
  tools: [],
};
const alsoForTests = ["contract", "core", "sdk", "testkit", "ports", "capabilities", "adapters", "http", "main", "cli"];

/** One line per import that goes against an arrow. */
export function checkArrows(root: string): string[] {
  return sourceFiles(root).flatMap((file) =>
    importsOf(root, file)
      .flatMap((name) => judge(file, name))
      .map((why) => `${file}: ${why}`),
  );
}

export function judge(file: string, name: string): string[] {
  const from = partOf(file);
  const target = targetOf(file, name);
  if (from === null || target === null) return [];
  const to = partOf(target);
  if (to === null) return [];
  const isTest = isTestFile(file);
  if (from === "capabilities" && to === "capabilities") return isTest ? [] : judgeCapabilities(file, target);
  if (from === to) return from === "adapters" && !isTest ? judgeAdapters(file, target) : [];
  if (allowed[from]?.includes(to) === true) return [];
  if (isTest && alsoForTests.includes(to)) return [];
  return [`${from} must not import ${to} (${name})`];
}

/** Another capability only through its index; custody imports none. */
function judgeCapabilities(file: string, target: string): string[] {
  const [own, other] = [capabilityOf(file), capabilityOf(target)];
  if (own === other) return [];
  if (own === "custody") return [`custody must import no capability (${other})`];
  return target.endsWith(`capabilities/${other}/index.ts`) ? [] : [`${own} may use ${other} only through its index.ts`];
}

/** An adapter may use its neighbours' data home and owner-time set-up, through their index. */
function judgeAdapters(file: string, target: string): string[] {
  const own = file.split("adapters/")[1]?.split("/")[0];
  const other = target.split("adapters/")[1]?.split("/")[0];
  return own === other || target.endsWith("/index.ts")
    ? []
    : [`adapter ${own} may use adapter ${other} only through its index.ts`];
}

export function isTestFile(file: string): boolean {
  return /\.(test|testing|fixture|reference)\.tsx?$/.test(file) || /(^|\/)(testing|dev)(\/|\.ts$)/.test(file);
}

function capabilityOf(path: string): string {
  return path.split("capabilities/")[1]?.split("/")[0] ?? "";
}

/** Files outside every part (tests/, bench/, configuration) may import anything. */
function partOf(path: string): string | null {
  const server = /^apps\/server\/src\/(ports|capabilities|adapters|http)\//.exec(path);
  if (server !== null) return server[1] ?? null;
  if (path.startsWith("apps/server/src/")) return "main";
  const other = /^(?:packages|apps)\/(contract|core|verify|sdk|testkit|web|camera|cli)\/src\//.exec(path);
  return other?.[1] ?? null;
}

function targetOf(file: string, name: string): string | null {
  if (name.startsWith("@sworn/")) return `packages/${name.slice("@sworn/".length).split("/")[0]}/src/index.ts`;
  if (!name.startsWith(".")) return null;
  return normalize(join(file, "..", name));
}
