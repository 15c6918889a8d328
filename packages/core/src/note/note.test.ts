import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toBase64, toHex } from "../bytes/encode-bytes.ts";
import { makeNodeEd25519Signer, nodeSha256, nodeVerifyEd25519 } from "../node.ts";
import { expectCode, outcome } from "../testing/expect-code.ts";
import { bytesOf, loadVectors, numberOf, textOf, textsOf } from "../testing/load-vectors.ts";
import { runs } from "../testing/property-runs.ts";
import { formatCheckpoint, parseCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import { parseNote } from "./parse-note.ts";
import { appendSignatures, cosignNote, makeEd25519Signer, signNote } from "./sign-note.ts";
import { formatTlogProof, parseTlogProof, verifyTlogProof } from "./tlog-proof.ts";
import { SIGNATURE_COSIGNATURE, encodeVkey, keyFingerprint, makeVerifierKey, parseVkey } from "./verifier-key.ts";
import { pureVerifyEd25519, verifyNote } from "./verify-note.ts";

const verifiers = [pureVerifyEd25519, nodeVerifyEd25519];
const seed = new Uint8Array(32).fill(1);
const signer = makeEd25519Signer({ name: "log.example", seed });

describe("notes", () => {
  it.each(loadVectors("note"))("$name", (vector) => {
    const keys = textsOf(vector, "keys");
    for (const verify of verifiers) {
      expectCode(() => verifyNote(textOf(vector, "note"), keys, verify), textOf(vector, "expect"));
      expectCode(
        () => verifyNote(new TextEncoder().encode(textOf(vector, "note")), keys, verify),
        textOf(vector, "expect"),
      );
    }
    if (vector.fields["expect"] !== "ok") return;
    const found = verifyNote(parseNote(textOf(vector, "note")), keys);
    expect(found.text).toBe(textOf(vector, "text"));
    expect(found.verified.map(({ key }) => key.name)).toEqual(textsOf(vector, "verified"));
    expect(found.ignored).toBe(numberOf(vector, "ignored"));
    if (vector.fields["timestamps"] !== undefined)
      expect(found.verified.map(({ timestamp }) => timestamp)).toEqual(vector.fields["timestamps"]);
  });

  it("are signed alike by both implementations", () => {
    const node = makeNodeEd25519Signer({ name: "log.example", seed });
    expect(signNote("hello\n", node)).toBe(signNote("hello\n", signer));
    expect(encodeVkey(node.key)).toBe(encodeVkey(signer.key));
    expect(verifyNote(signNote("hello\n", signer), [encodeVkey(signer.key)]).text).toBe("hello\n");
  });

  it("are not signed when nobody could read them", () => {
    expectCode(() => signNote("no newline", signer), "note-malformed");
    expectCode(() => signNote("\n", signer), "note-malformed");
    expectCode(() => signNote("tab\t\n", signer), "note-control-character");
    expectCode(() => signNote("\ud800\n", signer), "utf8-malformed");
  });

  it("keep the two kinds of key apart", () => {
    const witness = makeEd25519Signer({ name: "w.example", seed, type: SIGNATURE_COSIGNATURE });
    expectCode(() => signNote("a\n", witness), "signer-mismatch");
    expectCode(() => cosignNote("a\n", signer, 1), "signer-mismatch");
    expectCode(() => cosignNote("a\n", witness, -1), "size-invalid");
    expectCode(() => makeEd25519Signer({ name: "a", seed: new Uint8Array(31) }), "key-malformed");
    expectCode(() => makeNodeEd25519Signer({ name: "a", seed: new Uint8Array(31) }), "key-malformed");
    const note = appendSignatures(signNote("a\n", signer), [
      cosignNote("a\n", witness, 1_763_640_000),
      cosignNote("a\n", witness, 1_763_640_060),
    ]);
    expect(verifyNote(note, [signer.key, witness.key]).verified.map(({ timestamp }) => timestamp)).toEqual([
      null,
      1_763_640_060,
    ]);
    expectCode(() => appendSignatures(note, ["\n— x y\n"]), "base64-malformed");
    expectCode(() => appendSignatures(note, [`\n${cosignNote("a\n", witness, 1)}`]), "note-signature-malformed");
  });

  it("have a limit", () => {
    expectCode(() => parseNote("a".repeat(1_000_001)), "note-too-long");
    expectCode(() => parseNote(Uint8Array.of(0xff)), "utf8-malformed");
  });

  it("with any character altered are refused", () => {
    const note = signNote("origin\n7\nroot\n", signer);
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
        const altered = note.slice(0, at) + char + note.slice(at + 1);
        if (altered !== note)
          expect(outcome(() => verifyNote(altered, [signer.key], nodeVerifyEd25519))).not.toBe("ok");
      }),
      runs(500),
    );
  });
});

describe("keys", () => {
  it("go through their text form", () => {
    const key = parseVkey(encodeVkey(signer.key));
    expect(key).toEqual(signer.key);
    expect(keyFingerprint(key)).toHaveLength(64);
    expect(keyFingerprint(key).startsWith(toHex(key.keyId))).toBe(true);
    expect(makeVerifierKey({ name: key.name, publicKey: key.publicKey }, nodeSha256)).toEqual(key);
  });

  it.each(["", "a b", "a+b", "a\u00a0b", "a\nb", "\ud800"])("refuse the name %j", (name) => {
    expectCode(() => makeVerifierKey({ name, publicKey: new Uint8Array(32) }), "key-name-invalid");
  });

  it("that share name and id but differ are refused", () => {
    const other = { ...signer.key, publicKey: new Uint8Array(32) };
    expectCode(() => verifyNote(signNote("a\n", signer), [signer.key, other]), "key-ambiguous");
    expect(verifyNote(signNote("a\n", signer), [signer.key, { ...signer.key }]).verified).toHaveLength(1);
  });

  it("off the curve verify nothing", () => {
    const broken = makeVerifierKey({ name: "x", publicKey: new Uint8Array(32).fill(0xff) });
    for (const verify of verifiers) expect(verify(broken.publicKey, new Uint8Array(1), new Uint8Array(64))).toBe(false);
    for (const verify of verifiers)
      expect(verify(new Uint8Array(31), new Uint8Array(1), new Uint8Array(64))).toBe(false);
  });
});

describe("checkpoints", () => {
  it.each(loadVectors("checkpoint"))("$name", (vector) => {
    const policy = {
      origin: textOf(vector, "origin"),
      logKeys: textsOf(vector, "logKeys").map((key) => parseVkey(key)),
      witnessKeys: textsOf(vector, "witnessKeys").map((key) => parseVkey(key)),
      witnessesRequired: numberOf(vector, "witnessesRequired"),
    };
    expectCode(() => verifyCheckpoint(textOf(vector, "note"), policy), textOf(vector, "expect"));
    if (vector.fields["expect"] !== "ok") return;
    const found = verifyCheckpoint(textOf(vector, "note"), policy);
    expect(found).toMatchObject({ size: numberOf(vector, "size"), root: bytesOf(vector, "root") });
    expect(found.witnesses).toHaveLength(numberOf(vector, "witnesses"));
  });

  it("are written as they are read", () => {
    const checkpoint = { origin: "log.example", size: 2 ** 40, root: new Uint8Array(32).fill(5) };
    expect(formatCheckpoint(checkpoint)).toBe(`log.example\n1099511627776\n${toBase64(checkpoint.root)}\n`);
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual({ ...checkpoint, extensions: [] });
    expectCode(() => formatCheckpoint({ ...checkpoint, origin: "a\nb" }), "checkpoint-malformed");
    expectCode(() => formatCheckpoint({ ...checkpoint, origin: "" }), "checkpoint-malformed");
    expectCode(() => formatCheckpoint({ ...checkpoint, size: 2 ** 53 }), "size-invalid");
    expectCode(() => formatCheckpoint({ ...checkpoint, root: new Uint8Array(31) }), "hash-length");
    expectCode(() => parseCheckpoint("a\n1\n\nb\n"), "checkpoint-malformed");
  });
});

describe("offline proofs", () => {
  it.each(loadVectors("tlog-proof"))("$name", (vector) => {
    const policy = {
      origin: textOf(vector, "origin"),
      logKeys: textsOf(vector, "logKeys").map((key) => parseVkey(key)),
      witnessKeys: textsOf(vector, "witnessKeys").map((key) => parseVkey(key)),
      witnessesRequired: numberOf(vector, "witnessesRequired"),
    };
    const text = textOf(vector, "proof");
    expectCode(
      () => verifyTlogProof(text, { leafHash: bytesOf(vector, "leafHash"), policy }),
      textOf(vector, "expect"),
    );
    if (vector.fields["expect"] === "ok") expect(formatTlogProof(parseTlogProof(text))).toBe(text);
  });

  it("refuses every cut", () => {
    const [vector] = loadVectors("tlog-proof").filter(({ name }) => name === "valid");
    if (vector === undefined) throw new Error("no valid proof");
    const text = textOf(vector, "proof");
    const policy = {
      origin: textOf(vector, "origin"),
      logKeys: textsOf(vector, "logKeys").map((key) => parseVkey(key)),
      witnessKeys: textsOf(vector, "witnessKeys").map((key) => parseVkey(key)),
      witnessesRequired: 1,
    };
    const crypto = { sha256: nodeSha256, verifyEd25519: nodeVerifyEd25519 };
    for (let length = 0; length < text.length; length++) {
      expect(
        outcome(() =>
          verifyTlogProof(text.slice(0, length), { leafHash: bytesOf(vector, "leafHash"), policy }, crypto),
        ),
      ).not.toBe("ok");
    }
  });
});
