import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ResetFactors, Role } from "@sworn/contract";
import { z } from "zod";
import { openAccounts } from "./adapters/auth/better-auth-accounts.ts";
import { announcedAddress, isDataHome, lockDataHome, prepareDataHome } from "./adapters/data-home/index.ts";
import { restoreFromSheet } from "./adapters/keys/index.ts";
import {
  createAgency,
  createKey,
  createPerson,
  createSetUpLink,
  noteSheetMadeHere,
} from "./capabilities/identity/index.ts";
import { type LockOutDeps, openAgain, resetFactorsOf } from "./capabilities/sign-in/index.ts";
import type { Accounts } from "./ports/accounts.ts";
import { systemClock } from "./ports/clock.ts";
import { type Config, ConfigError, readConfig } from "./main/config.ts";
import { openGround, type Ground } from "./main/open-ground.ts";
import { createLog } from "./main/operator-log.ts";
import { generatePassword } from "./main/generate-password.ts";

// `sworn admin <verb>`, on the server's own machine: beside a running server or alone. Answers on standard output.

const usage = `sworn admin create-agency --name N [--time-zone Z]
sworn admin create-person --email E --role R [--role R] [--name N] [--password P] [--agency ID]
sworn admin create-key --name N --role R [--device NAME] [--agency ID]
sworn admin create-set-up-link
sworn admin unlock --email E [--agency ID]
sworn admin reset-factors --email E --reason R [--agency ID]
sworn admin recovery-sheet
sworn admin restore-keys --sheet FILE
every verb: --json`;

/** What may come before the server's first start. Anything else, on no data, was meant for another folder. */
const begins: readonly string[] = ["create-agency", "create-set-up-link"];

const options = {
  name: { type: "string" },
  email: { type: "string" },
  role: { type: "string", multiple: true },
  password: { type: "string" },
  device: { type: "string" },
  agency: { type: "string" },
  sheet: { type: "string" },
  reason: { type: "string" },
  "time-zone": { type: "string", default: "UTC" },
  json: { type: "boolean", default: false },
} as const;

type Values = ReturnType<typeof parse>["values"];
function parse(args: string[]): {
  verb: string;
  values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
} {
  const [verb = "", ...rest] = args;
  try {
    return { verb, values: parseArgs({ args: rest, options }).values };
  } catch (cause) {
    throw new ConfigError(`${cause instanceof Error ? cause.message : "Not understood"}\n${usage}`, { cause });
  }
}

/** From a sheet into an empty data home, before anything else starts there: a first start would make keys of its own. */
function restoreKeys(config: Config, file: string): { line: string; json: object } {
  const home = prepareDataHome(config.home);
  const lock = lockDataHome(home, "sworn admin restore-keys");
  try {
    const place = config.masterKeyFile === null ? {} : { masterKeyFile: config.masterKeyFile };
    const { masterKeyId, logVkey } = restoreFromSheet(readFileSync(file, "utf8"), { folder: home.secrets, ...place });
    return { line: `${masterKeyId}\n${logVkey}`, json: { masterKeyId, logVkey } };
  } finally {
    lock.release();
  }
}

async function run(verb: string, values: Values, ground: Ground): Promise<{ line: string; json: object }> {
  if (verb === "recovery-sheet") {
    await noteSheetMadeHere(ground);
    const sheet = ground.keyRing.recoverySheet(new Date(systemClock.now()));
    return { line: sheet, json: { sheet } };
  }
  const { publicUrl, home, port } = ground.config;
  const ownUrl = publicUrl ?? announcedAddress(home) ?? `http://localhost:${port}`;
  const accounts = await openAccounts({
    connection: ground.authConfig,
    secret: ground.keyRing.derive("session-cookie"),
    publicUrl: () => ownUrl,
    ownOrigins: () => [ownUrl],
    log: ground.log,
  });
  const deps = { database: ground.database, accounts, custody: ground.custody, clock: systemClock };
  try {
    switch (verb) {
      case "create-agency": {
        const id = await createAgency(deps, need(values.name, "--name"), values["time-zone"]);
        return { line: id, json: { id } };
      }
      case "create-person": {
        const email = z.email({ error: "--email is not an address" }).parse(values.email);
        const roles = need(values.role, "--role").map(roleNamed);
        const password = values.password ?? generatePassword();
        if (password.length < 12 || password.length > 256)
          throw new ConfigError("--password has 12 to 256 characters.");
        const person = { name: values.name ?? email, email, roles, password };
        const { personId } = await createPerson(deps, await agencyOf(ground, values.agency), null, person);
        return { line: values.password === undefined ? password : personId, json: { id: personId, email, password } };
      }
      case "create-key": {
        const role = roleNamed(need(values.role, "--role")[0]);
        const name = need(values.name, "--name");
        const request = values.device === undefined ? { name, role } : { name, role, deviceName: values.device };
        const made = await createKey(deps, await agencyOf(ground, values.agency), null, request);
        return { line: made.token, json: made };
      }
      case "unlock": {
        const { agencyId, personId } = await personAt(ground, values);
        const opened = await openAgain(atTheDoor(ground, accounts), agencyId, personId, { actorId: null });
        return { line: opened ? "unlocked" : "was not locked", json: { unlocked: opened } };
      }
      case "reset-factors": {
        const reason = ResetFactors.shape.reason.parse(need(values.reason, "--reason"));
        const { agencyId, personId } = await personAt(ground, values);
        const door = { ...atTheDoor(ground, accounts), accounts };
        await resetFactorsOf(door, agencyId, personId, reason, { actorId: null });
        return { line: personId, json: { id: personId } };
      }
      case "create-set-up-link": {
        const url = `${ownUrl}/set-up#token=${await createSetUpLink(deps)}`;
        return { line: url, json: { url } };
      }
      default:
        throw new ConfigError(usage);
    }
  } finally {
    await accounts.close();
  }
}

/** What the door of the running server stands on, for what is done to accounts from here. */
function atTheDoor(ground: Ground, accounts: Accounts): LockOutDeps {
  const { database, custody } = ground;
  return { database, accounts, custody, clock: systemClock, secret: ground.keyRing.derive("known-browser") };
}

async function personAt(ground: Ground, values: Values): Promise<{ agencyId: string; personId: string }> {
  const email = need(values.email, "--email").toLowerCase();
  const agencyId = await agencyOf(ground, values.agency);
  const person = await ground.database.forAgency(agencyId, (tx) =>
    tx.selectFrom("sworn.person").select("id").where("email", "=", email).executeTakeFirst(),
  );
  if (person === undefined) throw new ConfigError(`Nobody in this agency has the e-mail ${email}.`);
  return { agencyId, personId: person.id };
}

function roleNamed(text: string | undefined): Role {
  const role = Role.safeParse(text);
  if (!role.success) throw new ConfigError(`There is no role ${text ?? ""}. There are: ${Role.options.join(", ")}.`);
  return role.data;
}

function need<T extends string | string[]>(value: T | undefined, option: string): T {
  if (value === undefined || value.length === 0) throw new ConfigError(`${option} is missing.\n${usage}`);
  return value;
}

/** Most deployments have one agency; with several the command must say which. */
async function agencyOf(ground: Ground, chosen: string | undefined): Promise<string> {
  const ids = await ground.database.agencyIds();
  if (chosen !== undefined) {
    if (ids.includes(chosen)) return chosen;
    throw new ConfigError(`There is no agency ${chosen}.`);
  }
  const [only, ...others] = ids;
  if (only === undefined) throw new ConfigError("There is no agency yet: sworn admin create-agency --name N");
  if (others.length > 0)
    throw new ConfigError(`There are ${ids.length} agencies; say which with --agency ID:\n${ids.join("\n")}`);
  return only;
}

async function main(): Promise<void> {
  const { verb, values } = parse(process.argv.slice(2));
  if (!/^[a-z-]+$/.test(verb)) throw new ConfigError(usage);
  const config = readConfig(process.env, []);
  if (verb === "restore-keys") return print(restoreKeys(config, need(values.sheet, "--sheet")), values.json);
  if (!begins.includes(verb) && !isDataHome(config.home))
    throw new Error(`There is no data in ${config.home}. Name the folder that the server uses in SWORN_HOME.`);
  const ground = await openGround(config, "sworn admin", createLog("warn"), true);
  try {
    print(await run(verb, values, ground), values.json);
  } finally {
    await ground.close();
  }
}

function print({ line, json }: { line: string; json: object }, asJson: boolean): void {
  process.stdout.write(asJson ? `${JSON.stringify(json)}\n` : `${line}\n`);
}

try {
  await main();
} catch (error) {
  if (error instanceof z.ZodError) process.stderr.write(`${error.issues[0]?.message ?? "Not understood"}\n${usage}\n`);
  else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
