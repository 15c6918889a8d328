import { afterAll, beforeAll, expect } from "vitest";

import { exitCodeOf, type Finding, type FindingCode } from "./finding.ts";
import { runCheck } from "./run-check.ts";
import { createTestDeployment, type TestDeployment } from "./testing.ts";
import { fill, type Filled } from "./testing-items.ts";

export interface Damaging {
  readonly d: TestDeployment;
  readonly ids: Filled;
  /** SQL as the superuser who first switches off what would stop him, and then on again. */
  edit(statement: string, values?: readonly unknown[]): Promise<void>;
  ask<T extends object>(statement: string, values?: readonly unknown[]): Promise<T[]>;
}

/** One filled deployment per test file; each damage is done to a copy of its own. */
export function useFilledDeployment(): (work: (damaging: Damaging) => Promise<void>) => Promise<void> {
  let filled: TestDeployment;
  let ids: Filled;
  let frozen: Awaited<ReturnType<TestDeployment["freeze"]>>;
  beforeAll(async () => {
    filled = await createTestDeployment();
    ids = await fill(filled);
    frozen = await filled.freeze();
  });
  afterAll(async () => filled.close());
  return async (work) => {
    const d = await frozen.copy();
    try {
      await work(damagingOf(d, ids));
    } finally {
      await d.close();
    }
  };
}

export function damagingOf(d: TestDeployment, ids: Filled): Damaging {
  const ask = async <T extends object>(statement: string, values: readonly unknown[] = []): Promise<T[]> =>
    (await (await d.db.owner()).query<T>(statement, [...values])).rows;
  return {
    d,
    ids,
    ask,
    async edit(statement, values) {
      // Skips foreign keys and ordinary triggers; the log's own are ENABLE ALWAYS and have to be switched off by name.
      await ask("set session_replication_role = replica");
      for (const table of ["entry", "event_body", "leaf", "node", "checkpoint"])
        await ask(`alter table custody.${table} disable trigger user`);
      await ask(statement, values);
      for (const table of ["entry", "event_body", "leaf", "node", "checkpoint"]) {
        await ask(`alter table custody.${table} enable always trigger append_only`);
        await ask(`alter table custody.${table} enable always trigger append_only_truncate`);
      }
      await ask("set session_replication_role = origin");
    },
  };
}

export const found = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ code, subject }) => `${code} ${subject.kind} ${subject.id}`))].toSorted();

/** Runs the check and asserts that it fails and names this, by code and item, and nothing else but codes in `also`. */
export async function expectFound(
  d: TestDeployment,
  code: FindingCode,
  item: string | RegExp,
  also: readonly FindingCode[] = [],
): Promise<void> {
  const findings = await runCheck(d.check);
  const strange = findings.filter((finding) => finding.code !== code && !also.includes(finding.code));
  const named = findings
    .filter((finding) => finding.code === code)
    .map(({ subject }) => `${subject.kind} ${subject.id}`);
  expect(named, found(findings).join("\n")).toContainEqual(
    typeof item === "string" ? item : expect.stringMatching(item),
  );
  expect(found(strange), "one damage, named as something else as well").toEqual([]);
  expect(findings.length, "one damage, a landslide of findings").toBeLessThan(12);
  expect(exitCodeOf(findings)).toBe(1);
}
