import { Problem } from "@sworn/contract";
import { serveBroken } from "./serve-broken.ts";
import { watchTransaction } from "./watch-transactions.ts";

// NOT BROKEN, but unlucky: every third commit of spans or fragments is made and its answer is lost, as when the connection
// to the database breaks at that moment. Whoever is told `busy` must treat the bytes as perhaps promised.
let commits = 0;
await serveBroken({
  database: (real) => ({
    ...real,
    async forAgency(agencyId, work) {
      let promises = (): boolean => false;
      const result = await real.forAgency(agencyId, (tx) => {
        const watched = watchTransaction(tx);
        promises = watched.promises;
        return work(watched.tx);
      });
      if (promises() && ++commits % 3 === 0) throw new Problem("busy", "The answer of this commit was lost.");
      return result;
    },
  }),
});
