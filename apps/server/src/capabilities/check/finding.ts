/**
 * What a check can find, closed. `wrong`: something that must not be; `information`: worth knowing, nothing is lost.
 * A finding names one item; the same damage may show in several places, and each is named.
 */
export const findingCodes = {
  // the log: events and their chains
  "event-missing": "wrong",
  "event-malformed": "wrong",
  "event-altered": "wrong",
  "entry-altered": "wrong",
  "entry-missing": "wrong",
  "chain-broken": "wrong",
  "entry-not-logged": "wrong",
  "entry-logged-and-pending": "wrong",
  "log-order": "wrong",
  "leaf-without-entry": "wrong",
  "pending-without-entry": "wrong",
  // the log: tree and checkpoints
  "leaf-missing": "wrong",
  "leaf-altered": "wrong",
  "leaf-unsigned": "wrong",
  "node-missing": "wrong",
  "node-altered": "wrong",
  "node-unexpected": "wrong",
  "checkpoint-missing": "wrong",
  "checkpoint-altered": "wrong",
  "checkpoint-unsigned": "wrong",
  "checkpoint-root-mismatch": "wrong",
  "log-key-mismatch": "wrong",
  // the log seen from outside
  "public-copy-missing": "wrong",
  "public-copy-altered": "wrong",
  "public-copy-ahead": "wrong",
  "public-copy-behind": "information",
  "outside-unreadable": "wrong",
  "log-rolled-back": "wrong",
  "log-forked": "wrong",
  // stored bytes
  "key-missing": "wrong",
  "key-refused": "wrong",
  "object-missing": "wrong",
  "object-altered": "wrong",
  "object-unreadable": "wrong",
  "span-altered": "wrong",
  "spans-incomplete": "wrong",
  "file-altered": "wrong",
  "file-missing": "wrong",
  "object-unknown": "wrong",
  "object-unknown-young": "information",
  // the catalogue against the log
  "row-missing": "wrong",
  "row-unlogged": "wrong",
  "row-altered": "wrong",
  "fragments-incomplete": "wrong",
  "fragment-altered": "wrong",
  "fragment-unreadable": "wrong",
  "reference-broken": "wrong",
  "agency-mismatch": "wrong",
  "schema-drift": "wrong",
} as const satisfies Record<string, "wrong" | "information">;
export type FindingCode = keyof typeof findingCodes;

export interface Finding {
  readonly code: FindingCode;
  readonly severity: "wrong" | "information";
  /** What it is about: `evidence`, `object`, `leaf`, `checkpoint`, a table's name …, and which one. */
  readonly subject: { readonly kind: string; readonly id: string };
  /** One sentence for people: which item, what is wrong with it. */
  readonly sentence: string;
}

export type Report = (code: FindingCode, kind: string, id: string | number, sentence: string) => void;

/** More of one code than this are counted, not listed: a lost disk must not fill another with findings. */
const LISTED = 500;

export function collectFindings(): { report: Report; findings: () => Finding[] } {
  const found: Finding[] = [];
  const counts = new Map<FindingCode, number>();
  const add = (code: FindingCode, kind: string, id: string, sentence: string): void =>
    void found.push({ code, severity: findingCodes[code], subject: { kind, id }, sentence });
  return {
    report(code, kind, id, sentence) {
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count <= LISTED) add(code, kind, String(id), sentence);
    },
    findings() {
      for (const [code, count] of counts) {
        if (count > LISTED) add(code, "more", code, `${count - LISTED} more findings of this kind are not listed.`);
      }
      counts.clear();
      return found;
    },
  };
}

/** 0: nothing is wrong; 1: something is. Information alone does not fail a check. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ severity }) => severity === "wrong") ? 1 : 0;
}
