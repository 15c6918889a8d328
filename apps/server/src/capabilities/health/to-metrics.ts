import type { Health } from "@sworn/contract";

/** Prometheus text format 0.0.4. */
export function toMetrics(health: Health): string {
  const { log, disk, database } = health;
  const lines = [
    gauge("sworn_log_size", "Leaves under the last checkpoint", log.size),
    gauge("sworn_log_waiting", "Events that wait for a checkpoint", log.waiting),
    gauge("sworn_log_failed", "1 when the log is stopped and a person must look", log.failure === null ? 0 : 1),
    gauge("sworn_memory_bytes", "Resident memory", health.memory),
    gauge("sworn_event_loop_p99_seconds", "Event loop delay since the last scrape", health.eventLoop.p99 / 1000),
    gauge("sworn_database_bytes", "Size of the database", database.size),
    gauge("sworn_database_connections", "Connections to the database server", database.connections),
    gauge("sworn_problems", "Things that a person should look at", health.problems.length),
    ...(disk === null ? [] : [gauge("sworn_disk_free_bytes", "Free space of the object store", disk.free)]),
    ...(disk === null || disk.fullInDays === null
      ? []
      : [
          gauge(
            "sworn_disk_full_in_days",
            "Days until the object store is full, at the last week's rate",
            disk.fullInDays,
          ),
        ]),
    "# HELP sworn_jobs Media and sealing jobs by state",
    "# TYPE sworn_jobs gauge",
    ...Object.entries(health.jobs).flatMap(([name, states]) =>
      Object.entries(states).map(([state, count]) => `sworn_jobs{name="${name}",state="${state}"} ${count}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function gauge(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}`;
}
