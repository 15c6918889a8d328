import { Sworn } from "@sworn/sdk";
import { UsageError } from "./command.ts";

/** Options of every command that talks to a server, for `util.parseArgs`. */
export const serverOptions = { url: { type: "string" }, token: { type: "string" } } as const;

export const serverHelp = `  --url URL         the server (or SWORN_URL; default http://127.0.0.1:8080)
  --token KEY       API or device key (or SWORN_TOKEN)
`;

/** A client from options, else from the environment. */
export function connect(values: { url?: string | undefined; token?: string | undefined }): Sworn {
  const url = values.url ?? process.env["SWORN_URL"] ?? "http://127.0.0.1:8080";
  const token = values.token ?? process.env["SWORN_TOKEN"];
  if (token === undefined || token === "") throw new UsageError("A key is needed: --token or SWORN_TOKEN.");
  if (!URL.canParse(url)) throw new UsageError(`${url} is not an address.`);
  return new Sworn({ url, token });
}
