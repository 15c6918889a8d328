import { createHash, randomUUID } from "node:crypto";
import { type Sworn, SwornError } from "@sworn/sdk";
import { type Footage, uniqueFile, uniqueFragment } from "./footage.ts";
import type { Random } from "./random.ts";
import type { Rig } from "./rig.ts";
import { patch } from "./workers.ts";

/** How a request ended: its answer, or the code it was refused with. */
type Outcome<T> = { readonly answer: T } | { readonly code: string };

async function outcome<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await work };
  } catch (error) {
    if (error instanceof SwornError) return { code: error.code };
    throw error;
  }
}
const codesOf = (outcomes: readonly Outcome<unknown>[]): string[] =>
  outcomes.map((one) => ("code" in one ? one.code : "taken"));

/**
 * An upload whose every request is repeated, sent several times at once, and sent too early. Answers what went wrong:
 * of requests for one place exactly one may be taken, and the file must come out as it went in.
 */
export async function uploadWithRepeats(rig: Rig, random: Random): Promise<string[]> {
  const findings: string[] = [];
  const sworn = rig.custodian();
  const label = `repeated upload ${randomUUID()}`;
  const size = rig.footage.file.length + random.between(300_000, 2 << 20);
  const bytes = uniqueFile(rig.footage, label, size);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const upload = await sworn.uploads.create({ name: "twice.mp4", size, type: "video/mp4", read: () => bytes });
  for (let offset = 0, round = 0; offset < size; round++) {
    const end = Math.min(size, offset + random.between(50_000, 400_000));
    const send = (at: number, to: number): Promise<Outcome<number>> =>
      outcome(patch(sworn, upload, at, bytes.subarray(at, to)));
    const early = end < size ? [await send(end, Math.min(size, end + 1000))] : [];
    const copies = round % 2 === 0 ? 1 : 4;
    const sent = await Promise.all(Array.from({ length: copies }, () => send(offset, end)));
    const late = [await send(offset, end)];
    for (const code of [...codesOf(early), ...codesOf(late)])
      if (code !== "offset-conflict" && code !== "upload-gone")
        findings.push(`a PATCH at a wrong offset was answered with ${code}`);
    const stands = await outcome(sworn.uploads.offset(upload));
    if ("code" in stands) return [...findings, `the upload ended on the way: ${stands.code}`];
    const after = stands.answer;
    const taken = codesOf(sent).filter((code) => code === "taken").length;
    if (taken > 1) findings.push(`${taken} copies of one PATCH were taken`);
    // Copies that race may cut each other off: then HEAD says where to go on, never further than was sent.
    if (after > end) findings.push(`the upload stands at ${after} after bytes up to ${end}`);
    if (after <= offset && copies === 1) findings.push(`nothing was taken of a body at ${offset}`);
    offset = Math.max(after, 0);
    if (findings.length > 0) return findings;
  }
  const status = await sworn.uploads.settled(upload, { signal: AbortSignal.timeout(60_000) });
  if (status.evidenceId === null || status.state !== "stored") return [`the upload is ${status.state}`];
  const item = await sworn.evidence.get(status.evidenceId);
  if (item.sha256 !== sha256) findings.push("the stored file has another hash than what was sent");
  return findings;
}

/** A recording whose fragments come in any order, several times at once, also with other bytes, and closes repeatedly. */
export async function recordWithRepeats(rig: Rig, random: Random): Promise<string[]> {
  const findings: string[] = [];
  const { footage } = rig;
  const camera = rig.camera(0);
  const id = randomUUID();
  const label = `repeated recording ${id}`;
  const clock = { utc: new Date().toISOString(), source: "ntp" as const, uncertaintyMs: 50 };
  const opens = await Promise.all([1, 2, 3].map(() => outcome(camera.recordings.open({ id, clock }))));
  if (!codesOf(opens).includes("taken")) return [`no open was taken: ${codesOf(opens).join(", ")}`];
  if ("code" in (await outcome(camera.recordings.open({ id, clock })))) return ["a repeated open was refused"];
  const count = footage.fragments.length;
  findings.push(...(await sendInAnyOrder(camera, footage, { id, label, count }, random)));
  if (findings.length > 0) return findings;
  for (const n of [0, count - 1]) {
    const other = await outcome(camera.recordings.putFragment(id, 0, n, uniqueFragment(footage, "another", n)));
    if (codesOf([other])[0] !== "fragment-conflict")
      findings.push(`other bytes for fragment ${n}: ${codesOf([other])[0]}`);
  }
  const closing = { takes: [{ take: 0, fragments: count }] };
  const closes = await Promise.all([1, 2, 3, 4].map(() => outcome(camera.recordings.close(id, closing))));
  for (const code of codesOf(closes)) if (code !== "taken") findings.push(`a repeated close was answered with ${code}`);
  const again = await outcome(camera.recordings.putFragment(id, 0, 1, uniqueFragment(footage, label, 1)));
  if (!("answer" in again)) findings.push(`a fragment repeated after the close was answered with ${again.code}`);
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const [take] = (await camera.recordings.status(id)).takes;
    if (take?.state !== "stored") continue;
    const hash = createHash("sha256").update(footage.init);
    for (let n = 0; n < count; n++) hash.update(uniqueFragment(footage, label, n));
    if (take.sha256 !== hash.digest("hex")) findings.push("the stored take has another hash than what was sent");
    const { entries } = await rig.custodian().evidence.custody(id);
    for (const kind of ["recording.opened", "recording.closed", "evidence.stored"])
      if (entries.filter((entry) => entry.kind === kind).length !== 1)
        findings.push(`${kind} is not logged exactly once`);
    return findings;
  }
  return [...findings, "the recording was not stored within a minute"];
}

/** Rounds of every fragment that is missing, shuffled and doubled, all at once, until all are acknowledged. */
async function sendInAnyOrder(
  camera: Sworn,
  footage: Footage,
  { id, label, count }: { id: string; label: string; count: number },
  random: Random,
): Promise<string[]> {
  const acknowledged = new Set<number>();
  const send = async (n: number): Promise<string> => {
    const sent = await outcome(
      n === -1
        ? camera.recordings.putInit(id, 0, footage.init)
        : camera.recordings.putFragment(id, 0, n, uniqueFragment(footage, label, n)),
    );
    if ("answer" in sent) acknowledged.add(n);
    return "code" in sent ? sent.code : "taken";
  };
  for (let round = 0; acknowledged.size < count + 1; round++) {
    if (round > count + 5) return ["the fragments were never all taken"];
    const missing = Array.from({ length: count + 1 }, (_, i) => i - 1).filter((n) => !acknowledged.has(n));
    const shuffled = [...missing, ...missing].map((n) => ({ n, at: random.next() })).sort((a, b) => a.at - b.at);
    const codes = await Promise.all(shuffled.map(({ n }) => send(n)));
    const odd = codes.find((code) => !["taken", "fragment-gap", "init-missing"].includes(code));
    if (odd !== undefined) return [`a fragment out of order was answered with ${odd}`];
    const [take] = (await camera.recordings.status(id)).takes;
    const received = take?.received ?? 0;
    for (const n of acknowledged) if (n >= received) return [`fragment ${n} was acknowledged, ${received} are there`];
  }
  return [];
}
