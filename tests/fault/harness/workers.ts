import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Sworn, SwornError } from "@sworn/sdk";
import { type Footage, uniqueFile, uniqueFragment } from "./footage.ts";
import type { Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";

/** What the clients of a storm share. */
export interface Work {
  readonly ledger: Ledger;
  readonly footage: Footage;
  /** What no run of events may lead to; each is a failure of the server under test. */
  readonly violations: string[];
  /** True once no new file or recording shall be begun. */
  ending(): boolean;
}

export const tus = { "tus-resumable": "1.0.0" };

/** Sends `bytes` as one PATCH; the offset the server then promises. */
export async function patch(sworn: Sworn, upload: string, offset: number, bytes: Uint8Array): Promise<number> {
  const answer = await sworn.http.call("PATCH", upload, {
    body: bytes,
    headers: { ...tus, "upload-offset": String(offset), "content-type": "application/offset+octet-stream" },
  });
  return Number(answer.headers.get("upload-offset"));
}

/** Tries again for as long as the server is away or busy; what it refuses for good is thrown. */
export async function persist<T>(work: () => Promise<T>, patienceMs = 60_000): Promise<T> {
  for (const end = Date.now() + patienceMs; ; await sleep(25)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SwornError && error.retryable) || Date.now() > end) throw error;
    }
  }
}

/** Uploads files of 0.1 to 4 MiB in bodies of any size, one after the other, resuming whenever the server comes back. */
export async function uploadFiles(work: Work, sworn: Sworn, random: Random): Promise<void> {
  while (!work.ending()) {
    const label = `upload ${randomUUID()}`;
    const size = work.footage.file.length + random.between(100_000, 4 << 20);
    const bytes = uniqueFile(work.footage, label, size);
    const source = { name: `${label}.mp4`, size, type: "video/mp4", read: () => bytes };
    const url = await persist(() => sworn.uploads.create(source));
    const upload = new URL(url).pathname;
    work.ledger.record({ kind: "upload-created", upload, label, size });
    let promised = 0;
    for (let offset = 0; offset < size;) {
      const end = Math.min(size, offset + random.between(20_000, 1 << 20));
      try {
        offset = await patch(sworn, url, offset, bytes.subarray(offset, end));
      } catch (error) {
        if (!(error instanceof SwornError)) throw error;
        if (!error.retryable && error.code !== "offset-conflict") {
          work.violations.push(`${label}: a PATCH was refused with ${error.code}: ${error.message}`);
          break;
        }
        // Part of a broken body may be durable all the same: only HEAD tells.
        offset = await persist(() => sworn.uploads.offset(url));
      }
      if (offset < promised) work.violations.push(`${label}: offset went back from ${promised} to ${offset}`);
      promised = Math.max(promised, offset);
      work.ledger.record({ kind: "offset", upload, offset });
    }
  }
}

/** Records, fragment by fragment; every tenth fragment is sent twice, as a camera does that missed the answer. */
export async function recordTakes(work: Work, sworn: Sworn, camera: number, random: Random): Promise<void> {
  while (!work.ending()) {
    const recording = randomUUID();
    const label = `recording ${recording}`;
    const clock = { utc: new Date().toISOString(), source: "ntp" as const, uncertaintyMs: 50 };
    await persist(() => sworn.recordings.open({ id: recording, reason: "button", clock }));
    work.ledger.record({ kind: "recording-opened", recording, label, camera });
    const count = random.between(2, work.footage.fragments.length);
    const send = async (n: number): Promise<void> => {
      const { init } = work.footage;
      await persist(() =>
        n === -1
          ? sworn.recordings.putInit(recording, 0, init)
          : sworn.recordings.putFragment(recording, 0, n, uniqueFragment(work.footage, label, n)),
      );
      work.ledger.record({ kind: "fragment", recording, take: 0, n });
    };
    try {
      for (let n = -1; n < count; n++) {
        await send(n);
        if (random.chance(0.1)) await send(random.between(-1, n));
        await sleep(random.between(0, 20));
      }
      await persist(() => sworn.recordings.close(recording, { takes: [{ take: 0, fragments: count }] }));
      work.ledger.record({ kind: "recording-closed", recording });
      if (random.chance(0.3))
        await persist(() => sworn.recordings.close(recording, { takes: [{ take: 0, fragments: count }] }));
    } catch (error) {
      if (!(error instanceof SwornError)) throw error;
      work.violations.push(`${label}: refused with ${error.code}: ${error.message}`);
    }
  }
}
