import { eventKinds } from "@sworn/contract";
import type { CustodyEvent } from "@sworn/core";
import { expect, test } from "vitest";

import { sentenceOf } from "./sentences.ts";

const event = (kind: string, more: Partial<CustodyEvent> = {}): CustodyEvent => ({
  v: 1,
  kind,
  subject: { kind: "evidence", id: "e" },
  n: 0,
  prev: null,
  actor: { kind: "person", id: "p" },
  at: "2026-11-20T21:03:58.120Z",
  time: { source: "server", uncertaintyMs: 1000 },
  reason: null,
  hashes: {},
  software: "sworn 0.1.0",
  ...more,
});

test("every kind has a sentence of its own that ends, also when the event says little", () => {
  const said = eventKinds.map((kind) => sentenceOf(event(kind), "Ofc. Adair"));
  expect(new Set(said).size).toBe(eventKinds.length);
  for (const sentence of said) {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
  }
});

test.each([
  [event("evidence.viewed"), "Ofc. Adair", "Ofc. Adair viewed the item."],
  [event("evidence.viewed"), null, "Somebody viewed the item."],
  [
    event("recording.opened", { actor: { kind: "device", id: "d" }, reason: "button" }),
    "Camera 7",
    "Camera 7 began to record, started by button.",
  ],
  [
    event("upload.created", { details: { length: 12_400_000_000 } }),
    "P. Moreno",
    "P. Moreno began to upload a file of 12.4 GB.",
  ],
  [event("take.root", { details: { take: 0, n: 58 } }), null, "The first 59 pieces of part 1 were stored and logged."],
  [
    event("evidence.stored", { actor: { kind: "service", id: "s" }, details: { size: 999 } }),
    null,
    "The item was stored, read back and matched: 999 bytes.",
  ],
  [event("something.new", { actor: { kind: "service", id: "s" } }), null, "The server: something.new."],
])("%#: a sentence says who, what and how much", (about, name, sentence) => {
  expect(sentenceOf(about, name)).toBe(sentence);
});
