import { createHash, randomBytes } from "node:crypto";
import { createChunkRoot, fragmentRoot } from "@sworn/core";
import { nodeSha256, startNodeSha256 } from "@sworn/core/node";

import type { Tx } from "../../ports/database.ts";
import { append, type NewEvent } from "../custody/index.ts";
import { admitFile, admitSpan, recordFile, recordSpan, type Span } from "../intake/index.ts";
import { annotate, type Annotated } from "./annotations.testing.ts";
import { type Matters, openMatters } from "./matters.testing.ts";
import { organise, type Organised } from "./organisation.testing.ts";
import { hex, newId, type TestDeployment } from "./testing.ts";

const sha = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** Ids of everything that a filled deployment holds, by what it is. */
export interface Filled {
  readonly harbor: string;
  readonly hill: string;
  readonly adair: string;
  readonly camera: string;
  readonly lostCamera: string;
  readonly key: string;
  readonly revokedKey: string;
  readonly organised: Organised;
  readonly annotated: Annotated;
  readonly matters: Matters;
  readonly upload: Uploaded;
  readonly other: Uploaded;
  readonly recording: string;
  readonly takes: readonly { id: string; file: string }[];
  readonly track: string;
  /** Of the log at each checkpoint, the last of which leaves one event waiting. */
  readonly sizes: readonly number[];
}
export interface Uploaded {
  readonly evidence: string;
  readonly file: string;
  readonly upload: string;
  readonly poster: string;
  readonly objects: readonly string[];
}

/**
 * Two agencies with people, cameras, keys, an uploaded file each and a recording of two parts, all through the
 * real doors for bytes and events; the rows as intake writes them.
 */
export async function fill(d: TestDeployment): Promise<Filled> {
  const [harbor, hill] = [await agency(d, "Harbor Police"), await agency(d, "Hill County Sheriff")];
  const people = await enrol(d, harbor);
  const upload = await uploadFile(d, harbor);
  await d.settle();
  const other = await uploadFile(d, hill);
  const recorded = await record(d, harbor, people.camera);
  const matters = await openMatters(d, harbor, people.adair, (await uploadFile(d, harbor)).evidence);
  const organised = await organise(d, harbor, people.adair, (await uploadFile(d, harbor)).evidence);
  const annotated = await annotate(d, harbor, people.adair, upload.evidence, recorded.recording);
  await d.settle();
  const subject = { kind: "evidence", id: upload.evidence } as const;
  for (const kind of ["evidence.viewed", "evidence.downloaded"] as const)
    await say(d, harbor, { kind, subject, actorId: people.adair });
  await d.settle();
  // The last one still waits for its place.
  await say(d, harbor, { kind: "evidence.custody-read", subject, actorId: people.adair });
  const checkpoints = await d.db.database.withoutAgency((tx) =>
    tx.selectFrom("custody.checkpoint").select("size").orderBy("size").execute(),
  );
  return {
    harbor,
    hill,
    ...people,
    organised,
    annotated,
    matters,
    upload,
    other,
    ...recorded,
    sizes: checkpoints.map(({ size }) => size),
  };
}

const say = (d: TestDeployment, agencyId: string, event: NewEvent) =>
  d.db.database.forAgency(agencyId, (tx) => append(tx, d.custody, agencyId, event));

async function agency(d: TestDeployment, name: string): Promise<string> {
  const id = newId();
  await d.db.database.forAgency(id, async (tx) => {
    await tx.insertInto("sworn.agency").values({ id, name }).execute();
    await append(tx, d.custody, id, { kind: "agency.created", subject: { kind: "agency", id }, actorId: null });
  });
  return id;
}

async function enrol(d: TestDeployment, agencyId: string) {
  const [adair, camera, lostCamera, key, revokedKey] = [newId(), newId(), newId(), newId(), newId()];
  await d.db.database.forAgency(agencyId, async (tx) => {
    const log = (event: NewEvent) => append(tx, d.custody, agencyId, event);
    const person = { id: adair, agency_id: agencyId, account_id: null, badge: "4471", disabled_at: null };
    await tx
      .insertInto("sworn.person")
      .values({ ...person, name: "Ofc. Adair", email: "adair@harbor.example", roles: ["officer", "supervisor"] })
      .execute();
    await log({
      kind: "person.created",
      subject: { kind: "person", id: adair },
      actorId: null,
      details: { roles: "officer", badge: "4471" },
    });
    await log({
      kind: "person.role-changed",
      subject: { kind: "person", id: adair },
      actorId: null,
      details: { roles: "officer supervisor" },
    });
    for (const [id, name, revokedAt] of [
      [camera, "Camera 7", null],
      [lostCamera, "Camera 8", new Date()],
    ] as const) {
      await tx
        .insertInto("sworn.device")
        .values({ id, agency_id: agencyId, name, model: "C1", person_id: adair, revoked_at: revokedAt })
        .execute();
      await log({ kind: "device.enrolled", subject: { kind: "device", id }, actorId: adair });
    }
    await log({ kind: "device.revoked", subject: { kind: "device", id: lostCamera }, actorId: adair, reason: "lost" });
    for (const [id, device, revokedAt] of [
      [key, camera, null],
      [revokedKey, lostCamera, new Date()],
    ] as const) {
      const subject = { kind: "device", id: device } as const;
      await tx
        .insertInto("sworn.api_key")
        .values({
          id,
          agency_id: agencyId,
          name: "camera",
          role: "device",
          device_id: device,
          token_hash: sha(Buffer.from(id)),
          prefix: "sk",
          created_by: adair,
          expires_at: null,
          revoked_at: revokedAt,
          last_used_at: null,
        })
        .execute();
      await log({ kind: "key.created", subject, actorId: adair, details: { key: id, role: "device" } });
      if (revokedAt !== null) await log({ kind: "key.revoked", subject, actorId: adair, details: { key: id } });
    }
  });
  return { adair, camera, lostCamera, key, revokedKey };
}

/** Three spans, as a tus upload over three connections leaves them, then sealed; and a poster of it. */
async function uploadFile(d: TestDeployment, agencyId: string): Promise<Uploaded> {
  const [evidence, file, upload, actor] = [newId(), newId(), newId(), newId()];
  const parts = [randomBytes(40_000), randomBytes(70_000), randomBytes(5000)];
  const whole = Buffer.concat(parts);
  await d.db.database.forAgency(agencyId, async (tx) => {
    await d.admit.evidenceKeys.create(tx, agencyId, evidence);
    await tx
      .insertInto("sworn.file")
      .values({
        id: file,
        agency_id: agencyId,
        evidence_id: evidence,
        role: "original",
        media_type: "video/mp4",
        state: "open",
      })
      .execute();
    await tx
      .insertInto("sworn.upload")
      .values({
        id: upload,
        agency_id: agencyId,
        file_id: file,
        actor_id: actor,
        person_id: null,
        device_id: null,
        name: "clip.mp4",
        declared_type: null,
        declared_sha256: null,
        captured_at: null,
        title: null,
        length: whole.length,
        state: "receiving",
        expires_at: null,
      })
      .execute();
    await append(tx, d.custody, agencyId, {
      kind: "upload.created",
      subject: { kind: "evidence", id: evidence },
      actorId: actor,
      details: { upload, received: 0, length: whole.length },
    });
  });
  const spans = await admitParts(d, { agencyId, evidenceId: evidence, fileId: file }, parts);
  const sha256 = sha(whole);
  const chunkRoot = rootOf(whole);
  const recordedAt = new Date(Date.UTC(2026, 10, 20, 21, 3, 58, 120));
  const poster = await admitFile(d.admit, {
    agencyId,
    evidenceId: evidence,
    role: "poster",
    mediaType: "image/jpeg",
    bytes: [randomBytes(9000)],
  });
  await d.db.database.forAgency(agencyId, async (tx) => {
    for (const span of spans) await recordSpan(tx, span);
    await tx
      .updateTable("sworn.upload")
      .set({ received: whole.length, state: "stored", evidence_id: evidence })
      .where("id", "=", upload)
      .execute();
    await tx
      .updateTable("sworn.file")
      .set({ state: "stored", size: whole.length, sha256, chunk_root: chunkRoot })
      .where("id", "=", file)
      .execute();
    await insertEvidence(tx, { id: evidence, agencyId, sha256, chunkRoot, size: whole.length, recordedAt });
    await append(
      tx,
      d.custody,
      agencyId,
      storedEvent(
        evidence,
        { sha256: hex(sha256), chunkRoot: hex(chunkRoot) },
        { size: whole.length, takes: 1, recordedAt: recordedAt.toISOString() },
      ),
    );
    await recordFile(tx, poster);
    await append(tx, d.custody, agencyId, {
      kind: "derivative.stored",
      subject: { kind: "evidence", id: evidence },
      actorId: null,
      hashes: { sha256: hex(poster.sha256) },
      details: { file: poster.id, role: "poster", take: 0, size: poster.size },
    });
  });
  return { evidence, file, upload, poster: poster.id, objects: spans.map((span) => span.object_key) };
}

/** Two parts: an init segment and five fragments each, rolled into two spans, and positions of the first part. */
async function record(d: TestDeployment, agencyId: string, camera: string) {
  const recording = newId();
  const startedAt = new Date(Date.UTC(2026, 10, 20, 22, 0, 0, 0));
  const event = (kind: NewEvent["kind"], extra: Partial<NewEvent> = {}): NewEvent => ({
    kind,
    subject: { kind: "evidence", id: recording },
    actorId: null,
    ...extra,
  });
  await d.db.database.forAgency(agencyId, async (tx) => {
    await d.admit.evidenceKeys.create(tx, agencyId, recording);
    await insertEvidence(tx, {
      id: recording,
      agencyId,
      sha256: null,
      chunkRoot: null,
      size: 0,
      recordedAt: startedAt,
    });
    await tx
      .insertInto("sworn.recording")
      .values({
        id: recording,
        agency_id: agencyId,
        device_id: camera,
        person_id: null,
        state: "closed",
        reason: "button",
        open_request: "{}",
        started_at: startedAt,
        closed_at: new Date(),
        close_reason: "button",
      })
      .execute();
    await append(
      tx,
      d.custody,
      agencyId,
      event("recording.opened", {
        actorId: camera,
        actorKind: "device",
        reason: "button",
        details: { device: camera, clock: startedAt.toISOString() },
      }),
    );
  });
  const takes: { id: string; file: string }[] = [];
  const hashes: Record<string, string> = {};
  let size = 0;
  for (const take of [0, 1]) {
    const made = await recordTake(d, agencyId, recording, take);
    takes.push(made);
    size += made.size;
    for (const [name, hash] of Object.entries(made.hashes)) hashes[`take.${take}.${name}`] = hash;
  }
  const fixes = await admitFile(d.admit, {
    agencyId,
    evidenceId: recording,
    role: "track",
    mediaType: "application/jsonl",
    bytes: [Buffer.from('{"lat":40.7,"lon":-74}\n')],
  });
  await d.db.database.forAgency(agencyId, async (tx) => {
    await recordFile(tx, fixes);
    await tx
      .insertInto("sworn.track")
      .values({
        evidence_id: recording,
        take: 0,
        agency_id: agencyId,
        file_id: fixes.id,
        source: "nmea",
        fixes: 1,
        from_at: null,
        to_at: null,
        west: -74,
        south: 40.7,
        east: -74,
        north: 40.7,
      })
      .execute();
    await append(
      tx,
      d.custody,
      agencyId,
      event("track.stored", {
        hashes: { sha256: hex(fixes.sha256) },
        details: { file: fixes.id, role: "track", take: 0, size: fixes.size, fixes: 1 },
      }),
    );
    await tx.updateTable("sworn.evidence").set({ size }).where("id", "=", recording).execute();
    await append(
      tx,
      d.custody,
      agencyId,
      storedEvent(recording, hashes, { size, takes: 2, recordedAt: startedAt.toISOString() }),
    );
  });
  return { recording, takes, track: fixes.id };
}

async function recordTake(d: TestDeployment, agencyId: string, recording: string, take: number) {
  const [id, file] = [newId(), newId()];
  const pieces = Array.from({ length: 6 }, (_, i) => randomBytes(i === 0 ? 700 : 20_000 + i));
  const media = pieces.slice(1);
  const whole = Buffer.concat(pieces);
  const identity = {
    sha256: sha(whole),
    chunkRoot: rootOf(whole),
    fragmentRoot: fragmentRoot(media.map(sha), nodeSha256),
  };
  const runs = [pieces.slice(0, 4), pieces.slice(4)].map((run) => Buffer.concat(run));
  await d.db.database.forAgency(agencyId, async (tx) => {
    await tx
      .insertInto("sworn.file")
      .values({
        id: file,
        agency_id: agencyId,
        evidence_id: recording,
        role: "original",
        take,
        media_type: "video/mp4",
        state: "stored",
        size: whole.length,
        sha256: identity.sha256,
        chunk_root: identity.chunkRoot,
      })
      .execute();
    await tx
      .insertInto("sworn.take")
      .values({
        id,
        agency_id: agencyId,
        recording_id: recording,
        take,
        file_id: file,
        state: "stored",
        fragments: media.length,
        stored_fragments: media.length,
        size: whole.length,
        sha256: identity.sha256,
        chunk_root: identity.chunkRoot,
        fragment_root: identity.fragmentRoot,
        init_sha256: sha(pieces[0] ?? Buffer.alloc(0)),
      })
      .execute();
    await append(tx, d.custody, agencyId, {
      kind: "take.opened",
      subject: { kind: "evidence", id: recording },
      actorId: null,
      details: { take },
    });
  });
  const spans = await admitParts(d, { agencyId, evidenceId: recording, fileId: file }, runs);
  await d.db.database.forAgency(agencyId, async (tx) => {
    for (const span of spans) await recordSpan(tx, span);
    let offset = 0;
    for (const [i, piece] of pieces.entries()) {
      await tx
        .insertInto("sworn.fragment")
        .values({
          take_id: id,
          n: i - 1,
          agency_id: agencyId,
          sha256: sha(piece),
          size: piece.length,
          start_ms: null,
          duration_ms: null,
          spool_node: null,
          spool_segment: null,
          spool_offset: null,
          spool_size: null,
          file_offset: offset,
        })
        .execute();
      offset += piece.length;
    }
    for (const [n, end] of [
      [2, runs[0]?.length ?? 0],
      [4, whole.length],
    ] as const) {
      await append(tx, d.custody, agencyId, {
        kind: "take.root",
        subject: { kind: "evidence", id: recording },
        actorId: null,
        hashes: { fragmentRoot: hex(fragmentRoot(media.slice(0, n + 1).map(sha), nodeSha256)) },
        details: { take, n, size: end },
      });
    }
  });
  const hashes = Object.fromEntries(Object.entries(identity).map(([name, hash]) => [name, hex(hash)]));
  return { id, file, size: whole.length, hashes };
}

async function admitParts(
  d: TestDeployment,
  of: { agencyId: string; evidenceId: string; fileId: string },
  parts: readonly Uint8Array[],
): Promise<Span[]> {
  const spans: Span[] = [];
  let startOffset = 0;
  for (const [seq, part] of parts.entries()) {
    spans.push(await admitSpan(d.admit, { ...of, seq, startOffset, bytes: [part] }));
    startOffset += part.length;
  }
  return spans;
}

function rootOf(bytes: Uint8Array): Uint8Array {
  const chunks = createChunkRoot({ sha256: nodeSha256, startSha256: startNodeSha256 });
  chunks.update(bytes);
  return chunks.finish().root;
}

async function insertEvidence(
  tx: Tx,
  of: {
    id: string;
    agencyId: string;
    sha256: Uint8Array | null;
    chunkRoot: Uint8Array | null;
    size: number;
    recordedAt: Date;
  },
): Promise<void> {
  await tx
    .insertInto("sworn.evidence")
    .values({
      id: of.id,
      agency_id: of.agencyId,
      title: "Traffic stop",
      kind: "video",
      state: "stored",
      sha256: of.sha256,
      chunk_root: of.chunkRoot,
      size: of.size,
      recorded_at: of.recordedAt,
    })
    .execute();
}

const storedEvent = (
  id: string,
  hashes: Record<string, string>,
  details: NonNullable<NewEvent["details"]>,
): NewEvent => ({
  kind: "evidence.stored",
  subject: { kind: "evidence", id },
  actorId: null,
  hashes,
  details: { title: "Traffic stop", ...details },
});
