// Writes the vectors beside it from one short ffmpeg recording: node vectors/fmp4/make.mjs <av.mp4>
// (64x48 H.264 + AAC, 3 fragments, -movflags frag_keyframe+empty_moov+default_base_moof+skip_trailer+skip_sidx).
// Box places are found here by a second, simpler reader on purpose: the one under test must agree with it.
import { readFileSync, writeFileSync } from "node:fs";

const file = readFileSync(process.argv[2]);
const units = [];
let start = 0;
for (let at = 0; at < file.length; at += file.readUInt32BE(at)) {
  const type = file.toString("latin1", at + 4, at + 8);
  if (type === "moov" || type === "mdat") {
    const end = at + file.readUInt32BE(at);
    units.push(file.subarray(start, end));
    start = end;
  }
}
const [init, ...fragments] = units;
const find = (bytes, type, nth = 0) => {
  let at = -1;
  for (let i = 0; i <= nth; i++) at = bytes.indexOf(type, at + 1, "latin1");
  if (at < 0) throw new Error(`no ${type}`);
  return at - 4;
};
const hex32 = (value) => (value >>> 0).toString(16).padStart(8, "0");
const write = (name, value) =>
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(value, null, 1)}\n`);

write("valid-av", {
  description: "picture and sound, three fragments of one second",
  units: units.map((unit) => unit.toString("base64")),
  expect: "ok",
});

/** target: 0 = init segment, 1.. = that fragment; `order`: units fed one after the other after the edits. */
const refuse = (name, description, target, edits, expect, order = [0, target]) =>
  write(`refused-${name}`, { description, base: "valid-av", target, edits, order, expect });

const i = (type, nth) => find(init, type, nth);
const f = fragments[0];
const g = (type, nth) => find(f, type, nth);
const set = (at, hex) => ({ op: "set", at, hex });
const insert = (at, hex) => ({ op: "insert", at, hex });
const free = "0000000866726565";

refuse("init-empty", "no bytes at all", 0, [{ op: "cut", to: 0 }], "empty", [0]);
refuse("init-cut-in-ftyp", "ends inside ftyp", 0, [{ op: "cut", to: 12 }], "box-truncated", [0]);
refuse("init-ftyp-only", "ends after ftyp", 0, [{ op: "cut", to: i("moov") }], "box-missing", [0]);
refuse("init-cut-in-moov", "ends one byte early", 0, [{ op: "cut", to: init.length - 1 }], "box-truncated", [0]);
refuse("init-size-zero", "moov says 'to the end of the file'", 0, [set(i("moov"), "00000000")], "box-size", [0]);
refuse("init-size-seven", "moov says it has 7 bytes", 0, [set(i("moov"), "00000007")], "box-size", [0]);
refuse("init-inner-size", "trak says it is longer than moov", 0, [set(i("trak"), "7fffffff")], "box-truncated", [0]);
refuse("init-box-after-moov", "a free box follows moov", 0, [insert(init.length, free)], "box-unexpected", [0]);
refuse("init-box-before-ftyp", "a free box comes first", 0, [insert(0, free)], "box-missing", [0]);
refuse("init-no-mvex", "mvex renamed: a whole file's header", 0, [set(i("mvex") + 4, Buffer.from("skip").toString("hex"))], "init-fragmentless", [0]);
refuse("init-no-trex", "trex of track 1 renamed", 0, [set(i("trex") + 4, Buffer.from("skip").toString("hex"))], "box-missing", [0]);
refuse("init-timescale-zero", "track 1 has no ticks", 0, [set(i("mdhd") + 20, "00000000")], "track-invalid", [0]);
refuse("init-track-zero", "track id 0", 0, [set(i("tkhd") + 20, "00000000")], "track-invalid", [0]);
refuse("init-track-twice", "both tracks have id 1", 0, [set(i("tkhd", 1) + 20, "00000001")], "track-repeated", [0]);
refuse("init-two-mdia", "a second mdhd in track 1 (hdlr renamed)", 0, [set(i("hdlr") + 4, Buffer.from("mdhd").toString("hex"))], "box-repeated", [0]);
refuse("init-external-data", "track 1's samples lie in another file", 0, [set(i("url ") + 8, "00000000")], "external-data", [0]);
refuse("init-has-samples", "stsz of track 1 names 9 samples", 0, [set(i("stsz") + 16, "00000009")], "init-has-samples", [0]);
refuse("init-encrypted", "the picture is encrypted", 0, [set(i("avc1") + 4, Buffer.from("encv").toString("hex"))], "codec-refused", [0]);
refuse("init-no-media", "neither picture nor sound", 0, [set(i("hdlr") + 16, Buffer.from("meta").toString("hex")), set(i("hdlr", 1) + 16, Buffer.from("meta").toString("hex"))], "no-media-track", [0]);
refuse("init-is-a-fragment", "a fragment in the init's place", 0, [{ op: "replace", unit: 1 }], "box-missing", [0]);

refuse("empty", "no bytes at all", 1, [{ op: "cut", to: 0 }], "empty");
refuse("cut-in-size", "ends inside the first size", 1, [{ op: "cut", to: 3 }], "box-truncated");
refuse("cut-after-moof", "moof without mdat", 1, [{ op: "cut", to: g("mdat") }], "box-missing");
refuse("cut-in-mdat-header", "ends inside mdat's header", 1, [{ op: "cut", to: g("mdat") + 6 }], "box-truncated");
refuse("cut-last-byte", "ends one byte early", 1, [{ op: "cut", to: f.length - 1 }], "box-truncated");
refuse("one-byte-more", "one byte too many", 1, [insert(f.length, "00")], "box-truncated");
refuse("free-behind", "a free box behind mdat", 1, [insert(f.length, free)], "box-unexpected");
refuse("free-between", "a free box between moof and mdat", 1, [insert(g("mdat"), free)], "box-unexpected");
refuse("sidx-before", "sidx before moof", 1, [insert(0, "00000008" + Buffer.from("sidx").toString("hex"))], "box-unexpected");
refuse("styp-behind", "styp behind the last mdat", 1, [insert(f.length, "00000008" + Buffer.from("styp").toString("hex"))], "box-unexpected");
refuse("mdat-first", "mdat without moof", 1, [{ op: "remove", at: 0, length: g("mdat") }], "box-unexpected");
refuse("moov-inside", "an init segment in a fragment's place", 1, [{ op: "replace", unit: 0 }], "box-unexpected");
refuse("size-2-to-63", "moof with a 64-bit size of 2^63", 1, [set(0, "00000001"), insert(8, "8000000000000000")], "number-too-large");
refuse("size-64-short", "a 64-bit size below its own header", 1, [set(0, "00000001"), insert(8, "000000000000000f")], "box-size");
refuse("no-mfhd", "mfhd renamed", 1, [set(g("mfhd") + 4, Buffer.from("skip").toString("hex"))], "box-missing");
refuse("no-traf", "both traf renamed", 1, [set(g("traf") + 4, Buffer.from("skip").toString("hex")), set(g("traf", 1) + 4, Buffer.from("skip").toString("hex"))], "box-missing");
refuse("no-tfdt", "tfdt renamed", 1, [set(g("tfdt") + 4, Buffer.from("skip").toString("hex"))], "box-missing");
refuse("two-tfhd", "a second tfhd in the place of tfdt", 1, [set(g("tfdt") + 4, Buffer.from("tfhd").toString("hex"))], "box-repeated");
refuse("tfdt-version", "tfdt of version 2", 1, [set(g("tfdt") + 8, "02")], "box-version");
refuse("tfdt-too-large", "tfdt of 2^63", 1, [set(g("tfdt") + 12, "8000000000000000")], "number-too-large");
refuse("track-unknown", "track 7", 1, [set(g("tfhd") + 12, "00000007")], "track-unknown");
refuse("track-twice", "track 1 twice", 1, [set(g("tfhd", 1) + 12, "00000001")], "track-repeated");
refuse("base-data-offset", "absolute offsets", 1, [set(g("tfhd") + 9, "000039")], "base-offset");
refuse("no-base-is-moof", "default-base-is-moof not set", 1, [set(g("tfhd") + 9, "000038")], "base-offset");
refuse("data-before-mdat", "samples point into moof", 1, [set(g("trun") + 16, hex32(8))], "data-outside");
refuse("data-behind-mdat", "samples point behind mdat", 1, [set(g("trun", 1) + 16, hex32(f.length - 4))], "data-outside");
refuse("data-negative", "samples lie before the fragment", 1, [set(g("trun") + 16, hex32(-100))], "data-outside");
refuse("data-overlap", "both tracks name the same bytes", 1, [set(g("trun", 1) + 16, f.subarray(g("trun") + 16, g("trun") + 20).toString("hex"))], "data-overlap");
refuse("samples-beyond-trun", "trun says it has one sample more", 1, [set(g("trun", 1) + 12, hex32(f.readUInt32BE(g("trun", 1) + 12) + 1))], "box-truncated");
refuse("samples-four-billion", "trun says 2^32-1 samples", 1, [set(g("trun") + 12, "ffffffff")], "too-many-samples");
refuse("samples-none", "trun without samples", 1, [set(g("trun") + 12, "00000000")], "track-empty");
refuse("not-key", "the first picture needs an earlier one", 1, [set(g("trun") + 20, "01010000")], "not-key");
refuse("repeated", "the same fragment again", 1, [], "sequence", [0, 1, 1]);
refuse("sequence-back", "the third before the second", 1, [], "sequence", [0, 1, 3, 2]);
refuse("time-back", "second fragment begins where the first began", 2, [set(find(fragments[1], "tfdt") + 12, "0000000000000000")], "time-back", [0, 1, 2]);
refuse("time-overlap", "second fragment begins 0.5 s early", 2, [set(find(fragments[1], "tfdt") + 12, (11551 - 5120).toString(16).padStart(16, "0"))], "time-back", [0, 1, 2]);
refuse("time-jump", "second fragment begins 6 s late", 2, [set(find(fragments[1], "tfdt") + 12, (11551 + 6 * 10240).toString(16).padStart(16, "0"))], "time-jump", [0, 1, 2]);
