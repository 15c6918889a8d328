import { Instant } from "@sworn/contract";
import { z } from "zod";

/** Answers of the administration's addresses that the contract does not name yet. */
export const Health = z.object({
  ok: z.boolean(),
  log: z.object({ size: z.number(), waiting: z.number(), lastAt: Instant.nullable(), failure: z.string().nullable() }),
  disk: z.object({ free: z.number(), total: z.number() }).nullable(),
  jobs: z.record(z.string(), z.object({ waiting: z.number(), active: z.number(), failed: z.number() })),
  eventLoop: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  memory: z.number(),
});
export type Health = z.infer<typeof Health>;
