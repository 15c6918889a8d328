import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { z } from "zod";
import { resolveDataHome } from "../adapters/data-home/index.ts";
import type { ProviderOptions } from "../adapters/oidc/open-provider.ts";
import { type ClientAddress, ProxyListError, trustProxies } from "../http/client-address.ts";

/** What cannot be used, in words for the person who starts the server. */
export class ConfigError extends Error {
  readonly code = "config-unusable";
  override readonly name = "ConfigError";
}

const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default("127.0.0.1"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  SWORN_OBJECTS: z
    .string()
    .regex(/^file:/, "only file: is known so far")
    .optional(),
  SWORN_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SWORN_MASTER_KEY_FILE: z.string().optional(),
  SWORN_MEDIA_SANDBOX: z.enum(["required", "best-effort"]).default("required"),
  SWORN_SILENT_SECONDS: z.coerce.number().int().min(2).max(86_400).default(90),
  // Looked for every 2 s: so what is received is stored within a minute.
  SWORN_ROLL_SECONDS: z.coerce.number().int().min(1).max(60).default(58),
  SWORN_TRUSTED_PROXY: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter((each) => each !== ""))
    .default([]),
  SWORN_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  SWORN_MAIL_SENDER: z.email().max(254).optional(),
  SWORN_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  SWORN_OIDC_CLIENT_ID: z.string().max(500).optional(),
  SWORN_OIDC_CLIENT_SECRET: z.string().max(2000).optional(),
  SWORN_OIDC_NAME: z.string().trim().min(1).max(60).optional(),
  SWORN_CHECK_ANSWERS: z.enum(["0", "1"]).default("0"),
  SWORN_LOG: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export interface Config {
  readonly home: string;
  readonly role: "api" | "worker" | "all";
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | null;
  readonly objects: string;
  readonly publicUrl: string | null;
  readonly masterKeyFile: string | null;
  readonly mediaSandbox: "required" | "best-effort";
  readonly silentMs: number;
  readonly rollMs: number;
  /** Networks whose word on a client's address is taken. */
  readonly clientAddress: ClientAddress;
  /** Null: no mail is sent. */
  readonly smtp: { readonly url: string; readonly sender: string } | null;
  /** Null: people sign in here alone. */
  readonly provider: ProviderOptions | null;
  readonly checkAnswers: boolean;
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

/**
 * Command line over environment over `<home>/sworn.conf` (KEY=value lines, the same names). See docs/operate/configure.md.
 * @throws ConfigError
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, args: readonly string[]): Config {
  const home = resolveDataHome(env);
  const file = join(home, "sworn.conf");
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  const parsed = Environment.safeParse({ ...fromFile, ...dropEmpty(env) });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${issue?.path.join(".") ?? "Configuration"}: ${issue?.message ?? "cannot be used"}`);
  }
  const { role, port } = readArgs(args);
  const e = parsed.data;
  return {
    home,
    role,
    port: port ?? e.PORT,
    host: e.HOST,
    databaseUrl: e.DATABASE_URL ?? null,
    objects: e.SWORN_OBJECTS === undefined ? join(home, "objects") : e.SWORN_OBJECTS.replace(/^file:(\/\/)?/, ""),
    publicUrl: e.SWORN_PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    masterKeyFile: e.SWORN_MASTER_KEY_FILE ?? null,
    mediaSandbox: e.SWORN_MEDIA_SANDBOX,
    silentMs: e.SWORN_SILENT_SECONDS * 1000,
    rollMs: e.SWORN_ROLL_SECONDS * 1000,
    clientAddress: proxies(e.SWORN_TRUSTED_PROXY),
    smtp: smtpOf(e.SWORN_SMTP_URL, e.SWORN_MAIL_SENDER),
    provider: providerOf(e),
    checkAnswers: e.SWORN_CHECK_ANSWERS === "1",
    logLevel: e.SWORN_LOG,
  };
}

function smtpOf(url: string | undefined, sender: string | undefined): Config["smtp"] {
  if (url === undefined) return null;
  if (sender === undefined) throw new ConfigError("SWORN_MAIL_SENDER: name the address that letters come from");
  return { url, sender };
}

/** Its issuer is written here and nowhere else: no request can make the server ask another address. */
function providerOf(e: z.output<typeof Environment>): Config["provider"] {
  const issuer = e.SWORN_OIDC_ISSUER;
  if (issuer === undefined) return null;
  const { protocol, hostname } = new URL(issuer);
  if (protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname))
    throw new ConfigError("SWORN_OIDC_ISSUER: only https: is taken, but for a provider on this machine");
  if (e.SWORN_PUBLIC_URL === undefined)
    throw new ConfigError("SWORN_PUBLIC_URL: the identity provider sends people back to it, so set it, too");
  const [clientId, clientSecret] = [e.SWORN_OIDC_CLIENT_ID, e.SWORN_OIDC_CLIENT_SECRET];
  if (clientId === undefined || clientSecret === undefined)
    throw new ConfigError("SWORN_OIDC_CLIENT_ID, SWORN_OIDC_CLIENT_SECRET: both belong to SWORN_OIDC_ISSUER");
  return { issuer, clientId, clientSecret, name: e.SWORN_OIDC_NAME ?? hostname };
}

function proxies(list: readonly string[]): ClientAddress {
  try {
    return trustProxies(list);
  } catch (cause) {
    if (!(cause instanceof ProxyListError)) throw cause;
    throw new ConfigError(`SWORN_TRUSTED_PROXY: ${cause.message}`, { cause });
  }
}

function readArgs(args: readonly string[]): { role: Config["role"]; port: number | undefined } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { role: { type: "string", default: "all" }, port: { type: "string" } },
    });
    const role = z.enum(["api", "worker", "all"]).parse(values.role);
    return {
      role,
      port: values.port === undefined ? undefined : z.coerce.number().int().min(0).max(65_535).parse(values.port),
    };
  } catch {
    throw new ConfigError("Usage: sworn serve [--role api|worker|all] [--port N]");
  }
}

function dropEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]])),
  );
}
