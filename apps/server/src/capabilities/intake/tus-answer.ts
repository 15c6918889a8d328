import { Problem } from "@sworn/contract";
import type { Reply } from "../../ports/http.ts";
import { problemDocument } from "../../ports/problem-document.ts";

export const TUS_VERSION = "1.0.0";
export const tusHeaders: Readonly<Record<string, string>> = { "tus-resumable": TUS_VERSION };

/** tus 1.0: every request but OPTIONS names the version. */
export function assertTusVersion(headers: Readonly<Record<string, string | undefined>>): void {
  if (headers["tus-resumable"] !== TUS_VERSION) throw new Problem("tus-version");
}

/** The protocol wants its header on refusals too; they are problem documents like everywhere else. */
export async function answerTus(work: () => Promise<Reply>): Promise<Reply> {
  try {
    const reply = await work();
    return { ...reply, headers: { ...tusHeaders, ...reply.headers } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status, headers, body } = problemDocument(error);
    const versions = error.code === "tus-version" ? { "tus-version": TUS_VERSION } : {};
    return { status, headers: { ...tusHeaders, ...versions, ...headers }, body: JSON.stringify(body) };
  }
}
