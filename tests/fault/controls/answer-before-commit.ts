import { setTimeout as sleep } from "node:timers/promises";
import type { KyselyPlugin } from "kysely";
import { serveBroken } from "./serve-broken.ts";

// BROKEN: fragments and spans are acknowledged before the transaction that inserts them has committed.
const COMMIT_MS = 150;
const committing = new Set<Promise<unknown>>();
await serveBroken({
  database: (real) => ({
    ...real,
    forAgency: async (agencyId, work) => {
      await Promise.allSettled(committing); // apart from the answer that is too early, all is in order
      return await new Promise((resolve, reject) => {
        const run = real.forAgency(agencyId, async (tx) => {
          let promises = false;
          const spy: KyselyPlugin = {
            transformQuery: ({ node }) => {
              promises ||= /insert into sworn\.fragment|"InsertQueryNode".*"name":"span"/s.test(JSON.stringify(node));
              return node;
            },
            transformResult: ({ result }) => Promise.resolve(result),
          };
          const result = await work(tx.withPlugin(spy));
          if (promises) {
            resolve(result);
            await sleep(COMMIT_MS);
          }
          return result;
        });
        run.then(resolve, reject);
        committing.add(run);
        void run.finally(() => committing.delete(run)).catch(() => undefined);
      });
    },
  }),
});
