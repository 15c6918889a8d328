import { existsSync, realpathSync } from "node:fs";
import { findTool } from "./find-tool.ts";

/** How much the kernel keeps a decoder apart. `limits` alone leaves it the network and is refused by default. */
export type BoxKind = "namespaces" | "bubblewrap" | "network" | "limits";

export interface BoxOptions {
  /** Folders a decoder must never see, besides the usual ones: the data home with keys, database, objects. */
  readonly hide: readonly string[];
  /** Whom a root server becomes: someone who owns nothing, and not the database's own user. */
  readonly runAs: { readonly uid: number; readonly gid: number } | null;
  readonly limits: BoxLimits;
}
export interface BoxLimits {
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
  readonly openFiles: number;
  readonly processes: number;
}

/** A command line that runs `command` in this box; the working folder is the scratch folder. */
export interface Box {
  readonly kind: BoxKind;
  wrap(command: readonly string[]): string[];
}

// Sockets, keys, other jobs' plaintext, other processes: everything that is not needed to run a program from /usr.
const hidden = [
  "/proc",
  "/sys",
  "/run",
  "/tmp",
  "/dev/shm",
  "/home",
  "/root",
  "/var",
  "/srv",
  "/mnt",
  "/media",
  "/boot",
];

// Covers each folder with an empty, read-only tmpfs. The scratch folder stays reachable although its own path is
// covered: it is the working folder, and names are relative to it. Not `exec`: a first process of a PID namespace
// ignores signals, and a decoder that aborts would then look healthy.
const coverScript = `while [ "$1" != -- ]; do
  mount -t tmpfs -o ro,nosuid,nodev,noexec,size=4k none "$1" || exit 97
  shift
done
shift
"$@"
exit $?`;

/** Boxes this system may be able to make, strongest first. Which one works is found by trying (`describe`). */
export function possibleBoxes(options: BoxOptions, binaries: readonly string[]): Box[] {
  const { runAs, limits } = options;
  const tool = (name: string): string | null => findTool(name);
  const [unshare, setpriv, prlimit, mount, sh, bwrap] = ["unshare", "setpriv", "prlimit", "mount", "sh", "bwrap"].map(
    tool,
  );
  if (prlimit === null || prlimit === undefined || setpriv === null || setpriv === undefined) return [];
  const limited = [
    prlimit,
    `--as=${limits.memoryBytes}`,
    `--cpu=${limits.cpuSeconds}`,
    // Results leave through a pipe; no file can grow by a byte.
    "--fsize=0",
    "--core=0",
    `--nofile=${limits.openFiles}`,
    `--nproc=${limits.processes}`,
    "--",
  ];
  const powerless = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"];
  const become = runAs === null ? [] : [`--reuid=${runAs.uid}`, `--regid=${runAs.gid}`, "--clear-groups"];
  const dropped = [setpriv, ...become, ...powerless, "--", ...limited];
  const covered = coverable(options.hide, binaries);
  // An ordinary user gets the right to make namespaces only inside a user namespace of its own.
  const user = runAs === null ? ["--user", "--map-root-user"] : [];
  const boxes: Box[] = [];
  if (unshare && mount && sh) {
    const apart = ["--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"];
    const script = coverScript.replace("mount -t", `${mount} -t`);
    const entry = [unshare, ...user, ...apart, "--", sh, "-c", script, "box", ...covered, "--", ...dropped];
    boxes.push({ kind: "namespaces", wrap: (command) => [...entry, ...command] });
  }
  if (bwrap && runAs === null) boxes.push(bubblewrap(bwrap, [...dropped], binaries));
  if (unshare)
    boxes.push({ kind: "network", wrap: (command) => [unshare, ...user, "--net", "--", ...dropped, ...command] });
  boxes.push({ kind: "limits", wrap: (command) => [...dropped, ...command] });
  return boxes;
}

/** Where a system lets only bubblewrap make user namespaces. */
function bubblewrap(bwrap: string, dropped: readonly string[], binaries: readonly string[]): Box {
  const bind = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives", ...binaries];
  const binds = bind.flatMap((path) => ["--ro-bind-try", path, path]);
  const isolate = ["--unshare-all", "--die-with-parent", "--dev", "/dev", "--clearenv", "--ro-bind", ".", "/scratch"];
  return {
    kind: "bubblewrap",
    wrap: (command) => [bwrap, ...binds, ...isolate, "--chdir", "/scratch", "--", ...dropped, ...command],
  };
}

/** Existing folders to cover, outermost only, and none that holds a program we start. */
function coverable(extra: readonly string[], binaries: readonly string[]): string[] {
  const real = [...hidden, ...extra].filter((path) => existsSync(path)).map((path) => realpathSync(path));
  const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
  const free = [...new Set(real)].filter((folder) => !binaries.some((binary) => inside(binary, folder)));
  return free.filter((folder) => !free.some((other) => other !== folder && inside(folder, other)));
}
