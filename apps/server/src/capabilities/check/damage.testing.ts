import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";

import { exitCodeOf, type Finding, type FindingCode } from "./finding.ts";
import { runCheck } from "./run-check.ts";
import { createTestDeployment, type TestDeployment } from "./testing.ts";
import { fill, type Filled } from "./items.testing.ts";

export interface Damaging {
  readonly d: TestDeployment;
  readonly ids: Filled;
  /** SQL as the superuser who first switches off what would stop him, and then on again. */
  readonly edit: (statement: string, values?: readonly unknown[]) => Promise<void>;
  readonly ask: <T extends object>(statement: string, values?: readonly unknown[]) => Promise<T[]>;
}

/**
 * One filled deployment per test file. Each damage is done to it and taken back afterwards: rows from a saved copy,
 * objects and tiles too where `files` says that a test touches them.
 */
export function useFilledDeployment(
  options: { files?: boolean } = {},
): (work: (damaging: Damaging) => Promise<void>) => Promise<void> {
  let on: Damaging;
  let kept: string;
  beforeAll(async () => {
    const d = await createTestDeployment();
    on = damagingOf(d, await fill(d));
    await on.ask(await saveRows(on.ask));
    kept = await mkdtemp(join(tmpdir(), "sworn-test-kept-"));
    await copyFiles(d.folder, kept);
  });
  afterAll(async () => {
    await on.d.close();
    await rm(kept, { recursive: true, force: true });
  });
  return async (work) => {
    try {
      await work(on);
    } finally {
      await on.edit("select sworn_saved.restore()");
      if (options.files === true) await copyFiles(kept, on.d.folder);
    }
  };
}

async function copyFiles(from: string, to: string): Promise<void> {
  for (const name of ["objects", "log"]) {
    await rm(join(to, name), { recursive: true, force: true });
    await cp(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true });
  }
}

/** SQL that keeps a copy of every row and makes a function that puts them all back. */
async function saveRows(ask: Damaging["ask"]): Promise<string> {
  const tables = await ask<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('sworn', 'custody') and c.relkind = 'r' order by 1, 2`,
  );
  const named = tables.map(({ schema, name }) => ({
    real: `${schema}.${name}`,
    copy: `sworn_saved.${schema}_${name}`,
  }));
  return [
    "create schema sworn_saved;",
    ...named.map(({ real, copy }) => `create table ${copy} as table ${real};`),
    "create function sworn_saved.restore() returns void language sql as $$",
    `truncate ${named.map(({ real }) => real).join(", ")};`,
    ...named.map(({ real, copy }) => `insert into ${real} overriding system value table ${copy};`),
    "$$;",
  ].join("\n");
}

/** Tables whose rows are only added. */
const ADDED_ONLY = [
  ...["entry", "event_body", "leaf", "node", "checkpoint"].map((name) => `custody.${name}`),
  ...["marker_version", "derivation", "time_correction"].map((name) => `sworn.${name}`),
];

function damagingOf(d: TestDeployment, ids: Filled): Damaging {
  const ask = async <T extends object>(statement: string, values: readonly unknown[] = []): Promise<T[]> =>
    (await (await d.db.owner()).query<T>(statement, [...values])).rows;
  return {
    d,
    ids,
    ask,
    async edit(statement, values) {
      // Skips foreign keys and ordinary triggers; those of rows that are only added are ENABLE ALWAYS and have to be switched off by name.
      await ask(
        [
          "set session_replication_role = replica",
          ...ADDED_ONLY.flatMap((name) =>
            ["append_only", "append_only_truncate"].map((trigger) => `alter table ${name} disable trigger ${trigger}`),
          ),
        ].join(";"),
      );
      try {
        await ask(statement, values);
      } finally {
        await ask(
          [
            ...ADDED_ONLY.flatMap((name) =>
              ["append_only", "append_only_truncate"].map(
                (trigger) => `alter table ${name} enable always trigger ${trigger}`,
              ),
            ),
            "set session_replication_role = origin",
          ].join(";"),
        );
      }
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
  expect(findings.length, "one damage, a landslide of findings").toBeLessThan(30);
  expect(exitCodeOf(findings)).toBe(1);
}
