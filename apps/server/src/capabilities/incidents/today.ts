import { sql } from "kysely";
import type { TodaySource } from "../../ports/today.ts";
import { visibleCase, visibleIncident } from "../access/index.ts";

/** Tasks of incidents and cases that are somebody's and not done, the first due first. */
export const ownTasks: TodaySource = {
  kind: "task",
  needs: "incident.list",
  read: async (tx, principal, most) => {
    if (principal.personId === null) return [];
    const rows = await tx
      .selectFrom("sworn.matter_task as t")
      .leftJoin("sworn.incident as i", "i.id", "t.incident_id")
      .leftJoin("sworn.case_file as c", "c.id", "t.case_id")
      .select(["t.id", "t.words", "t.due_on", "t.created_at", "t.incident_id", "t.case_id"])
      .select(sql<string>`coalesce(i.number, c.number)`.as("number"))
      .where("t.owner_id", "=", principal.personId)
      .where("t.done_at", "is", null)
      .where((eb) =>
        eb.or([
          eb(
            "t.incident_id",
            "in",
            tx.selectFrom("sworn.incident").select("sworn.incident.id").where(visibleIncident(principal)),
          ),
          eb(
            "t.case_id",
            "in",
            tx.selectFrom("sworn.case_file").select("sworn.case_file.id").where(visibleCase(principal)),
          ),
        ]),
      )
      .orderBy("t.due_on", (by) => by.asc().nullsLast())
      .orderBy("t.created_at")
      .orderBy("t.id")
      .limit(most)
      .execute();
    return rows.flatMap((row) => {
      const matterId = row.incident_id ?? row.case_id;
      if (matterId === null) return [];
      return [
        {
          key: `task:${row.id}:${row.due_on ?? ""}`,
          evidenceId: null,
          matter: { kind: row.incident_id === null ? ("case" as const) : ("incident" as const), id: matterId },
          taskId: row.id,
          title: row.words,
          by: row.number,
          at: row.created_at.toISOString(),
          due: row.due_on,
        },
      ];
    });
  },
};
