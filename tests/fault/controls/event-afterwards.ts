import { setTimeout as sleep } from "node:timers/promises";
import { createQueryId, type KyselyPlugin, RawNode } from "kysely";
import { serveBroken } from "./serve-broken.ts";

// BROKEN: the event `evidence.stored` is written in a transaction of its own, a little after the change it tells of.
// Wide enough that a slow machine, too, is killed inside it.
const LATER_MS = 2500;
await serveBroken({
  database: (real) => ({
    ...real,
    async forAgency(agencyId, work) {
      let late: RawNode[] = [];
      const divert: KyselyPlugin = {
        transformQuery: ({ node }) => {
          if (node.kind !== "RawNode" || !/insert into custody\.entry/.test(node.sqlFragments.join(" "))) return node;
          if (!JSON.stringify(node.parameters).includes('"evidence.stored"')) return node;
          late.push(node);
          return RawNode.createWithSql("select 1");
        },
        transformResult: ({ result }) => Promise.resolve(result),
      };
      const result = await real.forAgency(agencyId, (tx) => {
        late = []; // the work may be run again
        return work(tx.withPlugin(divert));
      });
      const append = async (): Promise<void> => {
        await sleep(LATER_MS);
        await real.forAgency(agencyId, async (tx) => {
          for (const node of late) await tx.executeQuery(tx.getExecutor().compileQuery(node, createQueryId()));
        });
      };
      if (late.length > 0) void append().catch(() => undefined);
      return result;
    },
  }),
});
