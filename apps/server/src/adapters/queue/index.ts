export { failedJobs } from "./failed-jobs.ts";
export { openQueue, type QueueOptions } from "./open-queue.ts";
export { queueSchema } from "./queue-plan.ts";
export { setUpQueue } from "./set-up-queue.ts";
