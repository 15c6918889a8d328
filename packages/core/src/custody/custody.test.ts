import { describe, expect, it } from "vitest";
import { toHex } from "../bytes/encode-bytes.ts";
import { nodeSha256 } from "../node.ts";
import { expectCode } from "../testing/expect-code.ts";
import { bytesOf, loadVectors, textOf } from "../testing/load-vectors.ts";
import { commitEvent, custodyLeaf, hashCustodyLeaf, verifyCommitment } from "./commit-event.ts";
import type { CustodyEvent } from "./custody-event.ts";
import { parseEvent, verifyEvent } from "./verify-event.ts";
import { type HistoryEntry, verifyHistory } from "./verify-history.ts";

const salt = new Uint8Array(32).fill(3);
const first: CustodyEvent = {
  v: 1,
  kind: "evidence.admitted",
  subject: { kind: "evidence", id: "ev-1" },
  n: 0,
  prev: null,
  actor: { kind: "service", id: "intake" },
  at: "2026-11-20T12:00:00.000Z",
  time: { source: "server", uncertaintyMs: 10 },
  reason: null,
  hashes: {},
  software: "sworn 0.1.0",
};

describe("events", () => {
  it.each(loadVectors("custody-event"))("$name", (vector) => {
    const text = textOf(vector, "event");
    expectCode(() => parseEvent(text), textOf(vector, "expect"));
    expectCode(() => parseEvent(new TextEncoder().encode(text)), textOf(vector, "expect"));
    if (vector.fields["expect"] !== "ok") return;
    const commitment = commitEvent(parseEvent(text), bytesOf(vector, "salt"));
    expect(toHex(commitment)).toBe(textOf(vector, "commitment"));
    expect(toHex(hashCustodyLeaf(commitment))).toBe(textOf(vector, "leafHash"));
    expect(commitEvent(parseEvent(text), bytesOf(vector, "salt"), nodeSha256)).toEqual(commitment);
  });

  it("refuses what JSON cannot show: undefined, fractions, dates in details", () => {
    for (const details of [{ a: undefined }, { a: 0.5 }, { a: new Date(0) }, { a: "\ud800" }, { a: 2 ** 53 }]) {
      expectCode(() => verifyEvent({ ...first, details }), "event-details");
    }
    expectCode(() => verifyEvent({ ...first, details: undefined }), "event-details");
    expectCode(() => verifyEvent({ ...first, n: -0 }), "event-n");
    expectCode(() => verifyEvent([]), "event-malformed");
  });
});

describe("commitments", () => {
  it("have leaves of one length, whatever the event", () => {
    const long = { ...first, reason: "x".repeat(3000) };
    expect(custodyLeaf(commitEvent(first, salt))).toHaveLength(54);
    expect(custodyLeaf(commitEvent(long, salt))).toHaveLength(54);
    expectCode(() => custodyLeaf(new Uint8Array(31)), "commitment-length");
  });

  it("open only with their own event and salt", () => {
    const commitment = commitEvent(first, salt);
    verifyCommitment(first, salt, commitment);
    expectCode(() => verifyCommitment({ ...first, reason: "other" }, salt, commitment), "event-uncommitted");
    expectCode(() => verifyCommitment(first, new Uint8Array(32), commitment), "event-uncommitted");
    expectCode(() => commitEvent(first, new Uint8Array(31)), "salt-length");
    expectCode(() => commitEvent({ ...first, software: "" }, salt), "event-software");
  });
});

describe("histories", () => {
  const history: HistoryEntry[] = [];
  let prev: string | null = null;
  for (let n = 0; n < 4; n++) {
    const event: CustodyEvent = { ...first, n, prev };
    const commitment = commitEvent(event, salt);
    history.push({ index: 10 * n + 5, n, commitment, opened: { event, salt } });
    prev = toHex(commitment);
  }
  const withhold = (n: number): HistoryEntry[] =>
    history.map((entry) => (entry.n === n ? { index: entry.index, n, commitment: entry.commitment } : entry));
  const replace = (n: number, part: Partial<HistoryEntry>): HistoryEntry[] =>
    history.map((entry) => (entry.n === n ? { ...entry, ...part } : entry));

  it("hold when complete, also with withheld events", () => {
    expect(verifyHistory(first.subject, history)).toEqual({ opened: 4, withheld: 0 });
    expect(verifyHistory(first.subject, withhold(2), nodeSha256)).toEqual({ opened: 3, withheld: 1 });
  });

  it("show what is wrong with them", () => {
    const check = (entries: HistoryEntry[]) => () => verifyHistory(first.subject, entries);
    expectCode(check([]), "history-empty");
    expectCode(check(history.slice(1)), "history-hole");
    expectCode(check(history.filter(({ n }) => n !== 2)), "history-hole");
    expectCode(check(replace(2, { index: 5 })), "history-order");
    expectCode(check(replace(2, { commitment: new Uint8Array(32) })), "event-uncommitted");
    expectCode(
      check(withhold(2).map((entry) => (entry.n === 2 ? { ...entry, commitment: new Uint8Array(32) } : entry))),
      "history-prev-mismatch",
    );
    expectCode(() => verifyHistory({ kind: "evidence", id: "ev-2" }, history), "history-subject-mismatch");
    const third = history[3];
    if (third === undefined) throw new Error("no such entry");
    expectCode(check(replace(2, { ...third, n: 2, index: 25 })), "history-hole");
  });
});
