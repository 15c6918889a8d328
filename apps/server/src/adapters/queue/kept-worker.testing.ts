// A worker of its own process for the test that kills it: takes the job, says so, and never ends.
import type { ClientConfig } from "pg";
import { openQueue } from "./index.ts";

const connection = JSON.parse(process.argv[2] ?? "{}") as ClientConfig;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const jobs = await openQueue({ connection, log });
await jobs.work("seal-upload", async (job) => {
  process.stdout.write(`${job.id}\n`);
  await new Promise(() => undefined);
});
