import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Role } from "@sworn/contract";

/** Invented people of an invented agency. Their password is no secret: the demo listens on this machine only. */
export const DEMO_PASSWORD = "sworn demo 2026";
export const demoPeople: readonly { name: string; email: string; roles: Role[]; does: string }[] = [
  {
    name: "P. Moreno",
    email: "moreno@demo.example",
    roles: ["admin", "custodian"],
    does: "runs the system and keeps the evidence",
  },
  { name: "Ofc. Adair", email: "adair@demo.example", roles: ["officer"], does: "wears camera VX-118" },
  { name: "Sgt. Okafor", email: "okafor@demo.example", roles: ["supervisor"], does: "reviews the unit's recordings" },
  { name: "L. Brandt", email: "brandt@demo.example", roles: ["auditor"], does: "reads histories, plays nothing" },
];

export interface DemoKeys {
  readonly cameras: readonly { readonly name: string; readonly token: string; readonly deviceId: string }[];
  readonly reader: string;
}

/** Calls the server's own API as the first person, with the cookie that signing in gave. */
export class DemoAdmin {
  readonly #url: string;
  #cookie = "";
  readonly #people = new Map<string, string>();
  constructor(url: string) {
    this.#url = url;
  }

  async setUp(token: string): Promise<void> {
    const [first] = demoPeople;
    if (first === undefined) throw new Error("The demo has no people.");
    await this.call("POST", "/api/v1/set-up", {
      token,
      agency: "Elm County (demo)",
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      name: first.name,
      email: first.email,
      password: DEMO_PASSWORD,
    });
    await this.addPeople();
  }

  /** Signs in as the first person, who may already be there, and adds the others. */
  async addPeople(): Promise<void> {
    await this.signIn(demoPeople[0]?.email ?? "");
    for (const { name, email, roles } of demoPeople.slice(1)) {
      const body = { name, email, roles, password: DEMO_PASSWORD };
      const { personId } = await this.call<{ personId: string }>("POST", "/api/v1/people", body);
      this.#people.set(email, personId);
    }
  }

  async signIn(email: string): Promise<void> {
    const response = await this.#send("POST", "/api/auth/sign-in/email", { email, password: DEMO_PASSWORD });
    this.#cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(";", 1)[0])
      .join("; ");
  }

  async makeKeys(cameras: readonly { name: string; model: string; wornBy?: string }[]): Promise<DemoKeys> {
    const made = [];
    for (const { name, model, wornBy } of cameras) {
      const personId = wornBy === undefined ? undefined : this.#people.get(wornBy);
      const body = { name, model, ...(personId === undefined ? {} : { personId }) };
      const { token, deviceId } = await this.call<{ token: string; deviceId: string }>("POST", "/api/v1/devices", body);
      made.push({ name, token, deviceId });
    }
    const { token } = await this.call<{ token: string }>("POST", "/api/v1/keys", {
      name: "demo reader",
      role: "custodian",
    });
    return { cameras: made, reader: token };
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.#send(method, path, body);
    return (response.status === 204 ? null : await response.json()) as T;
  }

  async #send(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { "content-type": "application/json", origin: this.#url, cookie: this.#cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

/** Keys survive a restart of the demo; they are shown once and kept nowhere else. */
export function rememberKeys(home: string, keys: DemoKeys): void {
  writeFileSync(join(home, "demo-keys.json"), JSON.stringify(keys), { mode: 0o600 });
}

export function rememberedKeys(home: string): DemoKeys | null {
  try {
    return JSON.parse(readFileSync(join(home, "demo-keys.json"), "utf8")) as DemoKeys;
  } catch {
    return null;
  }
}
