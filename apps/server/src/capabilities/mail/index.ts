import type { MailDeps } from "./mail-deps.ts";
import { workMail } from "./work-mail.ts";

export type { MailDeps } from "./mail-deps.ts";
export { makeNotify } from "./notify.ts";

/** Two at a time: a mail server that is slow holds up nothing else. */
export async function workLetters(deps: MailDeps): Promise<void> {
  await deps.jobs.work("mail", (job) => workMail(deps, job), { concurrency: 2 });
}
