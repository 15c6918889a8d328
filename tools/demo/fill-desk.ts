import type { Sworn } from "@sworn/sdk";
import { DemoAdmin, demoPeople } from "./people.ts";

interface Listed {
  readonly items: readonly { readonly id: string; readonly email: string }[];
}

const MINUTE = 60_000;

/**
 * What a desk has beside footage, so that no screen is empty: badges, a shift, calls of dispatch in every state, an
 * incident made from one of them. All invented; times stand around what was just recorded.
 */
export async function fillDesk(url: string, sworn: Sworn): Promise<{ calls: number; incidents: number }> {
  const admin = new DemoAdmin(url);
  await admin.signIn(demoPeople[0]?.email ?? "");
  const { items: people } = await admin.call<Listed>("GET", "/api/v1/people");
  const badges: Readonly<Record<string, string>> = { "adair@demo.example": "4471", "okafor@demo.example": "210" };
  for (const [email, badge] of Object.entries(badges)) {
    const person = people.find((one) => one.email === email);
    if (person !== undefined) await admin.call("PATCH", `/api/v1/people/${person.id}`, { badge });
  }
  const { items } = await sworn.evidence.list({ limit: 50 });
  const times = items.map(({ recordedAt, receivedAt }) => Date.parse(recordedAt ?? receivedAt));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const at = (ms: number): string => new Date(ms).toISOString();
  const shift = { device: "VX-204", person: "210", from: at(first - 60 * MINUTE), to: null };
  await admin.call("POST", "/api/v1/shifts", shift);

  const call = (kind: string, place: string, badge: string, from: number, to: number): object => ({
    kind,
    place,
    badges: badge.split(" "),
    from: at(from),
    to: at(to),
  });
  const calls: Readonly<Record<string, object>> = {
    "26-001041": call("Traffic stop", "Elm St & 4th Ave", "4471", first - 3 * MINUTE, last + 9 * MINUTE),
    "26-001042": call("Alarm, no entry", "12 Oak St", "210 388", first - MINUTE, last + 5 * MINUTE),
    "26-001037": call("Welfare check", "Pine Court 7", "4471", first - 250 * MINUTE, first - 225 * MINUTE),
    "26-001029": call("Noise", "Mill Lane", "210", first - 480 * MINUTE, first - 460 * MINUTE),
  };
  const ids = new Map<string, string>();
  for (const [number, body] of Object.entries(calls)) {
    const { id } = await admin.call<{ id: string }>("PUT", `/api/v1/calls/by-number/${number}`, body);
    ids.set(number, id);
  }
  const stop = ids.get("26-001041") ?? "";
  await admin.call("POST", "/api/v1/calls/accept", { ids: [stop] });
  await admin.call("POST", `/api/v1/calls/${stop}/incident`, {});
  const reason = "Camera was in repair that morning";
  await admin.call("POST", "/api/v1/calls/settle", { ids: [ids.get("26-001029")], reason });
  return { calls: ids.size, incidents: 1 };
}
