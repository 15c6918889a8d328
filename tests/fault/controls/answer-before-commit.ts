import { setTimeout as sleep } from "node:timers/promises";
import { serveBroken } from "./serve-broken.ts";
import { watchTransaction } from "./watch-transactions.ts";

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
          const watched = watchTransaction(tx);
          const result = await work(watched.tx);
          if (watched.promises()) {
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
