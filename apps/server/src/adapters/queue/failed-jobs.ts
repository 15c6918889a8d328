import { sql } from "kysely";
import { type FailedJob, type FailedJobs, jobNames } from "../../ports/jobs.ts";
import { queueSchema } from "./queue-plan.ts";

const table = sql.table(`${queueSchema}.job`);
const MOST = 1000;

/** Jobs that were given up, in pg-boss's own table, one agency's alone. */
export const failedJobs: FailedJobs = {
  async list(tx, agencyId, limit) {
    const { rows } = await sql<FailedJob>`
      select id, name, coalesce(data->>'id', '') as about, completed_on as "failedAt",
             left(coalesce(output->>'message', output->>'value', ''), 500) as reason, retry_count as tries
      from ${table} where state = 'failed' and data->>'agencyId' = ${agencyId} and name = any(${[...jobNames]}::text[])
      order by completed_on desc, id limit ${limit}`.execute(tx);
    return rows;
  },
  async count(tx, agencyId) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${table} where state = 'failed' and data->>'agencyId' = ${agencyId}
        and name = any(${[...jobNames]}::text[])`.execute(tx);
    return rows[0]?.count ?? 0;
  },
  async retry(tx, agencyId, which) {
    const ids = which === "all" ? null : [...which];
    const { rows } = await sql<{ id: string }>`
      update ${table} set state = 'retry', retry_limit = retry_limit + 1, completed_on = null, start_after = now()
      where state = 'failed' and (name, id) in (
        select name, id from ${table} where state = 'failed' and data->>'agencyId' = ${agencyId}
          and name = any(${[...jobNames]}::text[]) and (${ids}::uuid[] is null or id = any(${ids}::uuid[]))
        order by completed_on, id limit ${MOST} for update skip locked)
      returning id`.execute(tx);
    return rows.map(({ id }) => id);
  },
};
