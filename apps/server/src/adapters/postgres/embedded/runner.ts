import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";

import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** The operating-system user that the database runs as. */
export interface Runner {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** True when that is another user than ours: as root, where PostgreSQL refuses to run. */
  readonly foreign: boolean;
  /** Names of users that may connect as the owner: ours and the runner's. */
  readonly owners: readonly string[];
}

const SYSTEM_USER = "sworn";
/** Above this are people; giving a person the database's files would be a surprise to both. */
const LAST_SYSTEM_UID = 999;

export function resolveRunner(): Runner {
  const name = ownName();
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  if (uid !== 0) return { uid, gid, name, foreign: false, owners: [name] };
  const user = lookUp(SYSTEM_USER) ?? createSystemUser();
  if (user.uid > LAST_SYSTEM_UID) {
    throw new EmbeddedPostgresError(
      "system-user",
      `The account ${SYSTEM_USER} (uid ${user.uid}) is an ordinary one; as root the database runs as a system user of that name. Rename that account, or start as an ordinary user.`,
    );
  }
  return { ...user, name: SYSTEM_USER, foreign: true, owners: [name, SYSTEM_USER] };
}

/** As root: refuses a data home that the database's user cannot get through to. */
export function assertReachable(path: string, runner: Runner): void {
  const closed = runner.foreign ? closedFolder(path) : null;
  if (closed === null) return;
  throw new EmbeddedPostgresError(
    "unreachable",
    `The database runs as the system user ${runner.name}, who cannot pass ${closed} on the way to ${path}. Choose another SWORN_HOME (the default is /var/lib/sworn) or: chmod o+x ${closed}`,
  );
}

/** The topmost folder from `path` upwards that is closed to others, or null. */
export function closedFolder(path: string): string | null {
  const above = dirname(path) === path ? null : closedFolder(dirname(path));
  if (above !== null) return above;
  return (statSync(path).mode & 0o001) === 0 ? path : null;
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new EmbeddedPostgresError(
      "no-user-name",
      `The user id ${String(process.getuid?.())} has no entry in /etc/passwd, and PostgreSQL needs its name. Add one, or set DATABASE_URL.`,
    );
  }
}

function createSystemUser(): { uid: number; gid: number } {
  const attempts = [
    [
      "useradd",
      "--system",
      "--user-group",
      "--no-create-home",
      "--home-dir",
      "/nonexistent",
      "--shell",
      "/usr/sbin/nologin",
      SYSTEM_USER,
    ],
    [
      "adduser",
      "--system",
      "--group",
      "--no-create-home",
      "--home",
      "/nonexistent",
      "--shell",
      "/usr/sbin/nologin",
      SYSTEM_USER,
    ],
  ];
  for (const [program, ...args] of attempts) {
    if (program === undefined) continue;
    spawnSync(program, args, { stdio: "ignore", env: systemPath() });
    // Looked up whatever the exit code: another start may have created it in between.
    const user = lookUp(SYSTEM_USER);
    if (user !== null) return user;
  }
  throw new EmbeddedPostgresError(
    "system-user",
    `The system user ${SYSTEM_USER} cannot be created. As root type: ${(attempts[0] ?? []).join(" ")}`,
  );
}

function lookUp(name: string): { uid: number; gid: number } | null {
  const local = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8") : "";
  const line = local.split("\n").find((entry) => entry.startsWith(`${name}:`)) ?? fromDirectory(name);
  const [, , uid, gid] = line.split(":");
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

/** Accounts may live in LDAP and the like: getent asks them all. */
function fromDirectory(name: string): string {
  return spawnSync("getent", ["passwd", name], { encoding: "utf8", env: systemPath() }).stdout ?? "";
}

function systemPath(): { PATH: string } {
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
}
