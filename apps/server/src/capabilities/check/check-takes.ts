import { createFrontier, type CustodyEvent, equalBytes, fragmentRoot, hashFragmentLeaf, toHex } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import type { Selectable } from "kysely";

import type { Tx } from "../../ports/database.ts";
import type { TakeTable } from "../../ports/tables.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";
import type { FileRow, FragmentRow } from "./rows.ts";

type Take = Selectable<TakeTable>;
/** What the log promises of a take: `take.root` events in order, and the hashes of the last `evidence.stored`. */
interface Promised {
  readonly roots: { n: number; root: string; size: number | null }[];
  stored: Readonly<Record<string, string>> | null;
  parts: number;
}

/** Every take against its fragments, its file and what the log promised of it. */
export async function checkTakes(tx: Tx, report: Report): Promise<void> {
  const promised = await readPromises(tx);
  let after: string | null = null;
  for (;;) {
    let query = tx.selectFrom("sworn.take").selectAll().orderBy("id").limit(1);
    if (after !== null) query = query.where("id", ">", after);
    const take: Take | undefined = await query.executeTakeFirst();
    if (take === undefined) return;
    await checkTake(tx, take, promised.get(`${take.recording_id}/${take.take}`), report);
    after = take.id;
  }
}

/** Small beside the fragments: one root per minute of recording. */
async function readPromises(tx: Tx): Promise<Map<string, Promised>> {
  const promised = new Map<string, Promised>();
  const of = (name: string): Promised => {
    const found = promised.get(name) ?? { roots: [], stored: null, parts: 0 };
    promised.set(name, found);
    return found;
  };
  for await (const events of readEvents(tx, ["take.root", "evidence.stored"])) {
    for (const event of events) {
      if (event.kind === "take.root") notePromise(of, event);
      else noteStored(of, event);
    }
  }
  return promised;
}

function notePromise(of: (name: string) => Promised, event: CustodyEvent): void {
  const { take, n, size } = event.details ?? {};
  const root = event.hashes["fragmentRoot"];
  if (typeof take !== "number" || typeof n !== "number" || root === undefined) return;
  of(`${event.subject.id}/${take}`).roots.push({ n, root, size: typeof size === "number" ? size : null });
}

function noteStored(of: (name: string) => Promised, event: CustodyEvent): void {
  for (const name of Object.keys(event.hashes)) {
    const take = /^take\.(\d+)\.sha256$/.exec(name)?.[1];
    if (take === undefined) continue;
    const prefix = `take.${take}.`;
    const own = Object.entries(event.hashes).filter(([each]) => each.startsWith(prefix));
    of(`${event.subject.id}/${take}`).stored = Object.fromEntries(
      own.map(([each, hash]) => [each.slice(prefix.length), hash]),
    );
  }
}

async function checkTake(tx: Tx, take: Take, promised: Promised | undefined, report: Report): Promise<void> {
  const name = `Part ${take.take + 1} of recording ${take.recording_id}`;
  const fragments = await tx
    .selectFrom("sworn.fragment")
    .selectAll()
    .where("take_id", "=", take.id)
    .orderBy("n")
    .execute();
  const media = fragments.filter(({ n }) => n >= 0);
  const dense = media.every(({ n }, i) => n === i) && media.length === take.fragments;
  if (!dense)
    report(
      "fragments-incomplete",
      "take",
      take.id,
      `${name} has ${take.fragments} fragments by its row; of 0 to ${take.fragments - 1}, ${media.length} are there.`,
    );
  checkRow(take, fragments, name, report);
  if (dense) checkRoots(take, media, promised?.roots ?? [], name, report);
  const file = await tx.selectFrom("sworn.file").selectAll().where("id", "=", take.file_id).executeTakeFirst();
  if (file !== undefined) checkIdentity(take, file, dense ? media : null, promised?.stored ?? null, name, report);
}

function checkRow(take: Take, fragments: readonly FragmentRow[], name: string, report: Report): void {
  const init = fragments.find(({ n }) => n === -1);
  const stored = fragments.filter(({ n, file_offset: offset }) => n >= 0 && offset !== null).length;
  const size = fragments.reduce((sum, fragment) => sum + fragment.size, 0);
  const wrong = [
    hexOf(take.init_sha256) === hexOf(init?.sha256 ?? null) ? "" : "the hash of its init segment",
    take.size === size ? "" : "its size",
    take.stored_fragments === stored ? "" : "the number of stored fragments",
  ].filter((what) => what !== "");
  if (wrong.length > 0)
    report("row-altered", "take", take.id, `${name}: ${wrong.join(" and ")} is not what its fragments give.`);
}

function checkRoots(
  take: Take,
  media: readonly FragmentRow[],
  roots: Promised["roots"],
  name: string,
  report: Report,
): void {
  const frontier = createFrontier(undefined, nodeSha256);
  for (const { n, root, size } of roots) {
    while (frontier.size <= n) {
      const fragment = media[frontier.size];
      if (fragment === undefined) {
        return report(
          "fragments-incomplete",
          "take",
          take.id,
          `${name}: the log promised fragments up to ${n}; ${media.length} are there.`,
        );
      }
      frontier.append(hashFragmentLeaf(fragment.sha256, nodeSha256));
    }
    const last = media[n];
    const end = last === undefined || last.file_offset === null ? null : last.file_offset + last.size;
    if (toHex(frontier.root()) !== root || (size !== null && end !== size)) {
      return report(
        "fragment-altered",
        "take",
        take.id,
        `${name}: fragments 0 to ${n} are not those that the log promised (take.root).`,
      );
    }
  }
  const promised = (roots.at(-1)?.n ?? -1) + 1;
  if (promised !== take.stored_fragments) {
    report(
      "row-unlogged",
      "take",
      take.id,
      `${name} has ${take.stored_fragments} stored fragments, and the log promised ${promised}.`,
    );
  }
}

function checkIdentity(
  take: Take,
  file: FileRow,
  media: readonly FragmentRow[] | null,
  stored: Promised["stored"],
  name: string,
  report: Report,
): void {
  if (hexOf(take.sha256) !== hexOf(file.sha256) || hexOf(take.chunk_root) !== hexOf(file.chunk_root)) {
    report("row-altered", "take", take.id, `${name}: its hashes are not those of its file's row.`);
  }
  if (take.fragment_root !== null && media !== null) {
    const root = fragmentRoot(
      media.map(({ sha256 }) => sha256),
      nodeSha256,
    );
    if (!equalBytes(root, take.fragment_root))
      report("row-altered", "take", take.id, `${name}: its fragment root is not what its fragments give.`);
  }
  const said = stored ?? {};
  const wrong = Object.entries({
    sha256: take.sha256,
    chunkRoot: take.chunk_root,
    fragmentRoot: take.fragment_root,
  }).flatMap(([hash, own]) => (said[hash] === undefined || said[hash] === hexOf(own) ? [] : [hash]));
  if (wrong.length > 0)
    report("row-altered", "take", take.id, `${name}: ${wrong.join(", ")} is not what the log says (evidence.stored).`);
}

const hexOf = (bytes: Uint8Array | null): string | null => (bytes === null ? null : toHex(bytes));
