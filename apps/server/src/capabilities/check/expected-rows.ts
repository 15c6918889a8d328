import type { EventKind } from "@sworn/contract";
import type { CustodyEvent } from "@sworn/core";

/** What an event says about a row of the catalogue. */
export interface ExpectedRow {
  readonly table: string;
  /** The column and value that find it, and what else must hold of it where that is not unique. */
  readonly by: string;
  readonly value: string;
  readonly also?: Readonly<Record<string, string | number>>;
  /** Column by column; undefined: the event does not say. */
  readonly columns: Readonly<Record<string, string | number | boolean | undefined>>;
}

type Said = (event: CustodyEvent) => ExpectedRow[];

const text = (event: CustodyEvent, name: string): string | undefined => {
  const value = event.details?.[name];
  return typeof value === "string" ? value : undefined;
};
const number = (event: CustodyEvent, name: string): number | undefined => {
  const value = event.details?.[name];
  return typeof value === "number" ? value : undefined;
};

const subjectRow =
  (table: string, columns: (event: CustodyEvent) => ExpectedRow["columns"] = () => ({})): Said =>
  (event) => [{ table, by: "id", value: event.subject.id, columns: columns(event) }];

/** A row that a detail names; events of another shape say nothing. */
const detailRow =
  (table: string, detail: string, columns: (event: CustodyEvent) => ExpectedRow["columns"]): Said =>
  (event) => {
    const value = text(event, detail);
    return value === undefined ? [] : [{ table, by: "id", value, columns: columns(event) }];
  };

const takeRow =
  (columns: (event: CustodyEvent) => ExpectedRow["columns"]): Said =>
  (event) => {
    const take = number(event, "take");
    if (take === undefined) return [];
    return [
      { table: "sworn.take", by: "recording_id", value: event.subject.id, also: { take }, columns: columns(event) },
    ];
  };

const fileRow = detailRow("sworn.file", "file", (event) => ({
  evidence_id: event.subject.id,
  sha256: event.hashes["sha256"],
  size: number(event, "size"),
  role: text(event, "role"),
  state: "stored",
}));

/**
 * What rows must exist, and what stands in them, because an event says so. Kinds that only happened (viewed,
 * probed) name no row. What changes lawfully afterwards is not compared here.
 */
export const expectedRows: Readonly<Partial<Record<EventKind, Said>>> = {
  "agency.created": subjectRow("sworn.agency"),
  "person.created": subjectRow("sworn.person"),
  "person.invited": detailRow("sworn.invitation", "invitation", (event) => ({ agency_id: event.subject.id })),
  "device.enrolled": subjectRow("sworn.device"),
  "key.created": detailRow("sworn.api_key", "key", (event) => ({
    role: text(event, "role"),
    device_id: event.subject.kind === "device" ? event.subject.id : undefined,
  })),
  "upload.created": detailRow("sworn.upload", "upload", (event) => ({ length: number(event, "length") })),
  "upload.incomplete": detailRow("sworn.upload", "upload", (event) => ({
    state: "incomplete",
    received: number(event, "received"),
  })),
  "upload.cancelled": detailRow("sworn.upload", "upload", ({ reason }) => ({
    state: reason === "format-unsupported" ? "refused" : "cancelled",
  })),
  "evidence.received-again": detailRow("sworn.upload", "upload", (event) => ({
    state: "stored",
    already_held: true,
    evidence_id: event.subject.id,
  })),
  // A recording's camera may come back and complete it: only an upload's incomplete item stays as it is.
  "evidence.incomplete": subjectRow("sworn.evidence", (event) => ({ size: number(event, "received") })),
  "recording.opened": subjectRow("sworn.recording", (event) => ({
    device_id: text(event, "device"),
    reason: event.reason ?? undefined,
    started_at: text(event, "clock"),
  })),
  "take.opened": takeRow(() => ({})),
  "take.interrupted": takeRow(() => ({ state: "interrupted" })),
  "track.stored": (event) => {
    const file = text(event, "file");
    const take = number(event, "take") ?? 0;
    const track = { table: "sworn.track", by: "evidence_id", value: event.subject.id, also: { take } };
    return [...fileRow(event), { ...track, columns: { file_id: file, fixes: number(event, "fixes") } }];
  },
  "derivative.stored": fileRow,
  "evidence.time-corrected": detailRow("sworn.time_correction", "correction", (event) => ({
    evidence_id: event.subject.id,
    n: number(event, "n"),
    offset_ms: number(event, "offsetMs"),
    source_at: text(event, "sourceAt"),
    reason: event.reason ?? undefined,
    corrected_by: event.actor.id,
  })),
  "derivative.made": (event) => {
    const value = text(event, "derivative");
    if (value === undefined) return [];
    const columns = {
      source_id: event.subject.id,
      kind: text(event, "made"),
      take: number(event, "take"),
      from_ms: number(event, "fromMs"),
      to_ms: number(event, "toMs"),
      source_sha256: event.hashes["source"],
      made_by: event.actor.id,
    };
    return [{ table: "sworn.derivation", by: "evidence_id", value, columns }];
  },
};
