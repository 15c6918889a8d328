import { createHash, type Hash } from "node:crypto";
import { equalBytes } from "@sworn/core";

import type { FileRow, FragmentRow } from "./rows.ts";
import type { Report } from "./finding.ts";

export interface FragmentMatcher {
  /** The next bytes begin here: a span before may have been unreadable. */
  seek(offset: number): void;
  update(plain: Uint8Array): void;
  end(size: number): void;
}

/**
 * Holds the fragments of a take against its file while the bytes pass by: without hole or overlap, each with the
 * hash that its camera was told. `fragments` in the order of their offsets.
 */
export function matchFragments(fragments: readonly FragmentRow[], file: FileRow, report: Report): FragmentMatcher {
  let next = 0;
  let at = 0;
  let hash: Hash | null = null;
  const say = (fragment: FragmentRow): string =>
    `Fragment ${fragment.n} of part ${file.take + 1} of item ${file.evidence_id}`;
  checkPlaces(fragments, report, say);

  function finish(fragment: FragmentRow, digest: Uint8Array): void {
    if (equalBytes(digest, fragment.sha256)) return;
    report(
      "fragment-altered",
      "fragment",
      `${fragment.take_id}/${fragment.n}`,
      `${say(fragment)}: the stored bytes are not those that were received.`,
    );
  }

  return {
    seek(offset) {
      if (offset === at) return;
      at = offset;
      hash = null;
      // A fragment whose beginning was not readable cannot be judged; its span has been named.
      next = fragments.findIndex((fragment) => (fragment.file_offset ?? 0) >= offset);
      if (next === -1) next = fragments.length;
    },
    update(plain) {
      for (let from = 0; from < plain.length;) {
        const fragment = fragments[next];
        if (fragment === undefined) break;
        const begin = fragment.file_offset ?? 0;
        if (at + from < begin) {
          from = Math.min(plain.length, begin - at);
          continue;
        }
        hash ??= createHash("sha256");
        const piece = plain.subarray(from, begin + fragment.size - at);
        hash.update(piece);
        from += piece.length;
        if (piece.length === 0 || at + from === begin + fragment.size) {
          finish(fragment, hash.digest());
          hash = null;
          next += 1;
        }
      }
      at += plain.length;
    },
    end(size) {
      const last = fragments.at(-1);
      const covered = last === undefined ? size : (last.file_offset ?? 0) + last.size;
      if (covered === size) return;
      report(
        "fragments-incomplete",
        "file",
        file.id,
        `The fragments of part ${file.take + 1} of item ${file.evidence_id} cover ${covered} of ${size} stored bytes.`,
      );
    },
  };
}

function checkPlaces(fragments: readonly FragmentRow[], report: Report, say: (fragment: FragmentRow) => string): void {
  let end = 0;
  for (const fragment of fragments) {
    const begin = fragment.file_offset ?? 0;
    if (begin !== end) {
      report(
        "fragments-incomplete",
        "fragment",
        `${fragment.take_id}/${fragment.n}`,
        `${say(fragment)} begins at byte ${begin}; byte ${end} was expected.`,
      );
    }
    end = begin + fragment.size;
  }
}
