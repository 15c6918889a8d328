import { ConsistencyProof, LogPolicy, Problem, Sha256Hex } from "@sworn/contract";
import { parseTilePath, TILE_WIDTH } from "@sworn/core";
import { z } from "zod";

import type { Database } from "../../ports/database.ts";
import { route, type Route } from "../../ports/http.ts";
import type { TileStore } from "../../ports/tile-store.ts";
import { readConsistency, readInclusion, readInclusionOf } from "./read-proofs.ts";
import { readLastCheckpoint } from "./tree-store.ts";

export interface CustodyRoutesDeps {
  readonly database: Database;
  readonly tileStore: TileStore;
}

const Size = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const Index = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const InclusionQuery = z
  .object({ index: Index.optional(), commitment: Sha256Hex.optional(), size: Size.optional() })
  .refine((query) => (query.index === undefined) !== (query.commitment === undefined), "give index or commitment");
const Inclusion = z.object({
  index: z.int(),
  size: z.int(),
  commitment: Sha256Hex,
  leafHash: Sha256Hex,
  root: Sha256Hex,
  proof: z.array(z.string()),
  checkpoint: z.string(),
});

const WHY_PUBLIC =
  "Anyone may check the log: it holds salted commitments only, and a proof that needs permission proves little.";
const FOR_EVER = "public, max-age=31536000, immutable";
const BRIEFLY = "public, max-age=5";

/** What anyone needs to check the log from outside (C2SP tlog-tiles below `/api/v1/log`). Hashes and signatures only. */
export function custodyRoutes({ database, tileStore }: CustodyRoutesDeps): Route[] {
  const access = { public: WHY_PUBLIC } as const;
  return [
    route({
      method: "GET",
      path: "/api/v1/log/checkpoint",
      access,
      summary: "The log's last signed statement of size and root",
      handle: async () => {
        const last = await database.withoutAgency(readLastCheckpoint);
        if (last === null) throw new Problem("log-size-unknown", "The log has no checkpoint yet.");
        return {
          headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache" },
          body: last.note,
        };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/log/policy",
      access,
      summary: "The keys to trust: compare them with what the agency printed or published elsewhere",
      answer: LogPolicy,
      handle: async () => {
        const row = await database.withoutAgency((tx) =>
          tx.selectFrom("sworn.deployment").select(["log_origin", "log_vkey"]).executeTakeFirst(),
        );
        if (row === undefined) throw new Problem("busy", "The log is being set up.");
        return { body: { origin: row.log_origin, log: row.log_vkey, witnesses: [], quorum: 0 } };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/log/tile/*",
      access,
      summary: "Tiles and entries of the log (C2SP tlog-tiles)",
      params: z.object({ "*": z.string().max(200) }),
      handle: async ({ params }) => await readTile(tileStore, `tile/${params["*"]}`),
    }),
    route({
      method: "GET",
      path: "/api/v1/log/proof/inclusion",
      access,
      summary: "Proof that the log holds an entry, by index or commitment, at a checkpoint's size",
      query: InclusionQuery,
      answer: Inclusion,
      handle: async ({ query: { index, commitment, size } }) => ({
        body: await database.withoutAgency((tx) =>
          commitment === undefined ? readInclusion(tx, index ?? 0, size) : readInclusionOf(tx, commitment, size),
        ),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/log/proof/consistency",
      access,
      summary: "Proof that an older checkpoint's log is a prefix of a newer one's",
      query: z.object({ from: Size, to: Size.optional() }),
      answer: ConsistencyProof,
      handle: async ({ query }) => ({
        body: await database.withoutAgency((tx) => readConsistency(tx, query.from, query.to)),
      }),
    }),
  ];
}

async function readTile(
  tileStore: TileStore,
  path: string,
): Promise<{ headers: Record<string, string>; body: Uint8Array }> {
  const width = widthOf(path);
  const bytes = await tileStore.get(path);
  if (bytes === null) throw new Problem("not-found", "The log has no such tile (yet).");
  return {
    headers: {
      "content-type": "application/octet-stream",
      "cache-control": width === TILE_WIDTH ? FOR_EVER : BRIEFLY,
    },
    body: bytes,
  };
}

/** Refuses every spelling but the one of the format, so that a path from outside never reaches the store as it came. */
function widthOf(path: string): number {
  try {
    return parseTilePath(path).width;
  } catch (cause) {
    throw new Problem("not-found", "This is not the path of a tile.", { cause });
  }
}
