// Notices that the npm which started us was killed: it cannot tell us, and the shell that it puts between
// itself and us stays alive.
import { readFileSync } from "node:fs";

const EVERY_MS = 500;
/** npm, at most two shells, us. */
const LONGEST_WAY = 4;

/** Calls `gone` once; never where npm did not start us, or where there is no /proc to look at. */
export function whenNpmIsGone(gone) {
  if (process.env.npm_lifecycle_event === undefined && process.env.npm_command === undefined) return;
  const before = wayToNpm();
  if (before === null) return;
  const timer = setInterval(() => {
    if (wayToNpm() === before) return;
    clearInterval(timer);
    gone();
  }, EVERY_MS);
  timer.unref();
}

/** Process ids from our parent up to npm; an orphan's parent becomes another, so the way breaks. */
function wayToNpm() {
  const way = [];
  let pid = process.ppid;
  for (let steps = 0; steps < LONGEST_WAY; steps += 1) {
    const parent = readProcess(pid);
    if (parent === null) return null;
    way.push(pid);
    if (/^(npm|npx|node)/.test(parent.name)) return way.join(" ");
    pid = parent.ppid;
  }
  return null;
}

/** The second to fourth field of /proc/<pid>/stat; the name stands in brackets and may hold some itself. */
function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { name: stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")), ppid: Number(ppid) };
  } catch {
    return null;
  }
}
