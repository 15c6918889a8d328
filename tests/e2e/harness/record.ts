import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Evidence, Fix } from "@sworn/contract";
import { Sworn } from "@sworn/sdk";
import type { Footage } from "../../fault/harness/footage.ts";

/** A recording that is open and has sent all of the footage; `close` ends it. */
export async function openLive(
  url: string,
  token: string,
  footage: Footage,
  title: string,
): Promise<{ id: string; close: () => Promise<void> }> {
  const sworn = new Sworn({ url, token });
  const id = randomUUID();
  const clock = { utc: new Date().toISOString(), source: "gnss", uncertaintyMs: 20 } as const;
  await sworn.recordings.open({ id, title, clock });
  await sworn.recordings.putInit(id, 0, footage.init);
  for (const [n, fragment] of footage.fragments.entries()) await sworn.recordings.putFragment(id, 0, n, fragment);
  const takes = [{ take: 0, fragments: footage.fragments.length }];
  return { id, close: async () => void (await sworn.recordings.close(id, { takes })) };
}

/** A short recording with positions as a camera sends it; resolves to its id once it is closed. */
export async function recordShortly(url: string, token: string, footage: Footage, title: string): Promise<string> {
  const sworn = new Sworn({ url, token });
  const id = randomUUID();
  const startedAt = Date.now();
  const utc = new Date(startedAt).toISOString();
  await sworn.recordings.open({ id, title, clock: { utc, source: "gnss", uncertaintyMs: 20 } });
  await sworn.recordings.putInit(id, 0, footage.init);
  for (const [n, fragment] of footage.fragments.entries()) await sworn.recordings.putFragment(id, 0, n, fragment);
  const fixes = footage.fragments.map((_, n): Fix => ({ ...fix, offsetMs: n * 1000, lat: fix.lat + n * 0.00002 }));
  await sworn.recordings.putTrack(id, 0, { source: "nmea", from: 0, fixes });
  await sworn.recordings.close(id, { takes: [{ take: 0, fragments: footage.fragments.length }] });
  return id;
}

const fix: Fix = {
  offsetMs: 0,
  at: null,
  lat: 41.7637,
  lon: -72.6851,
  alt: null,
  speed: 1.4,
  course: 0,
  accuracy: 2.5,
  satellites: 14,
  constellations: ["GPS", "Galileo"],
  method: "gnss",
};

/** Waits until an item is stored and its poster and positions were looked for. */
export async function settled(sworn: Sworn, id: string, patienceMs = 60_000): Promise<Evidence> {
  for (const end = Date.now() + patienceMs; ; await pause(150)) {
    const item = await sworn.evidence.get(id);
    const busy = item.media.state === "pending" || item.media.state === "running";
    if (item.state === "stored" && !busy && (item.hasPoster || item.media.state !== "ready")) return item;
    if (Date.now() > end) throw new Error(`${item.title} did not settle: ${item.state}, media ${item.media.state}`);
  }
}
