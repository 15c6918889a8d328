import { type Health, type HealthProblem, healthProblems } from "@sworn/contract";

const DAY = 86_400_000;

/** What a person should look at, the worst first, from figures alone. */
export function judgeHealth(health: Omit<Health, "ok" | "problems">, now: number): HealthProblem[] {
  const { log, disk, homeDisk, database } = health;
  const nearlyFull = (of: { free: number; total: number } | null): boolean => of !== null && of.free < of.total / 20;
  const since = (at: string | null): number => (at === null ? Infinity : now - Date.parse(at));
  const found: Readonly<Record<HealthProblem, boolean>> = {
    "log-stopped": log.failure !== null,
    "disk-nearly-full": nearlyFull(disk) || nearlyFull(homeDisk),
    "check-found": log.check !== null && log.check.wrong > 0,
    "log-late": log.failure === null && log.lateMs > 60_000,
    "jobs-failed": health.failed > 0,
    "disk-full-soon": disk !== null && disk.fullInDays !== null && disk.fullInDays < 30,
    "sheet-missing": health.recoverySheetAt === null,
    // A server of a day has nothing that a check could have found long ago.
    "never-checked": log.check === null && log.size > 1000,
    "check-old": log.check !== null && since(log.check.at) > 30 * DAY,
    "database-crowded": database.connections > database.most * 0.9,
    "queries-slow": database.slow > 0,
  };
  return healthProblems.filter((problem) => found[problem]);
}

/** Bytes a day over the last week, or over what there is of one, and the days until `free` is used up. */
export function forecast(
  came: { readonly bytes: number; readonly firstAt: Date | null },
  free: number,
  now: number,
): { perDay: number | null; fullInDays: number | null } {
  if (came.bytes === 0 || came.firstAt === null) return { perDay: null, fullInDays: null };
  const days = Math.min(Math.max((now - came.firstAt.getTime()) / DAY, 1), 7);
  const perDay = came.bytes / days;
  return { perDay: Math.round(perDay), fullInDays: Math.round((free / perDay) * 10) / 10 };
}
