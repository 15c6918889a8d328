import type { Client } from "pg";
import { PgBoss } from "pg-boss";
import { queuePlan, queueSchema } from "./queue-plan.ts";

/**
 * Installs or migrates pg-boss's schema, makes every queue, and grants the application what working needs.
 * Runs as the owner inside `setUpDatabase` (its `extra`), which holds the set-up lock; changes nothing the second time.
 */
export async function setUpQueue(owner: Client): Promise<void> {
  const boss = new PgBoss({
    db: {
      executeSql: async (text, values) => await owner.query<object>(text, values === undefined ? [] : [...values]),
    },
    schema: queueSchema,
    migrate: true,
    supervise: false,
    schedule: false,
  });
  // Without a listener an error event would end the process; what matters is thrown as well.
  boss.on("error", () => undefined);
  await boss.start();
  try {
    const present = new Set((await boss.getQueues()).map(({ name }) => name));
    for (const queue of queuePlan()) {
      const { name, policy: _policy, ...changeable } = queue;
      await (present.has(name) ? boss.updateQueue(name, changeable) : boss.createQueue(name, queue));
    }
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
  // Rows only: the application can neither change these tables nor make others.
  await owner.query(`grant usage on schema ${queueSchema} to sworn_app`);
  await owner.query(`grant select, insert, update, delete on all tables in schema ${queueSchema} to sworn_app`);
  await owner.query(`grant execute on all functions in schema ${queueSchema} to sworn_app`);
}
