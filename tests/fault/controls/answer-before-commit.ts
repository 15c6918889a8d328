import { setTimeout as sleep } from "node:timers/promises";
import type { KyselyPlugin } from "kysely";
import { serveBroken } from "./serve-broken.ts";

// BROKEN: fragments and spans are acknowledged before the transaction that inserts them has committed.
const COMMIT_MS = 150;
await serveBroken({
  database: (real) => ({
    ...real,
    forAgency: (agencyId, work) =>
      new Promise((resolve, reject) => {
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
      }),
  }),
});
