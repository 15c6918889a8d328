import type { KyselyPlugin } from "kysely";
import type { Tx } from "../../../apps/server/src/ports/database.ts";

/** A transaction that notices when spans or fragments are inserted through it: the rows that acknowledgements rest on. */
export function watchTransaction(tx: Tx): { tx: Tx; promises: () => boolean } {
  let promises = false;
  const spy: KyselyPlugin = {
    transformQuery: ({ node }) => {
      promises ||= /insert into sworn\.fragment|"InsertQueryNode".*"name":"span"/s.test(JSON.stringify(node));
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return { tx: tx.withPlugin(spy), promises: () => promises };
}
