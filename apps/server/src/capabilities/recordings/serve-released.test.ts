import { afterAll, beforeAll, expect, it } from "vitest";
import { SpoolError, type Spool } from "../../ports/spool.ts";
import { eachFragment } from "./store.ts";
import { type Camera, makeMedia, makeRecordingsRig, type RecordingsRig } from "./testing.ts";

// What a player asks for while the server moves it, and what is gone for good.

let rig: RecordingsRig;
let camera: Camera;
let custodian: Camera;
const media = makeMedia(2);
/** Runs before the spool is read, once. */
let before: (() => Promise<void>) | null = null;
let lost = false;

const slow = (spool: Spool): Spool => ({
  node: spool.node,
  append: (sealed) => spool.append(sealed),
  closedSegments: () => spool.closedSegments(),
  release: (segment) => spool.release(segment),
  rotate: () => spool.rotate(),
  stop: () => spool.stop(),
  async read(place) {
    const work = before;
    before = null;
    await work?.();
    if (lost) throw new SpoolError("missing", "the segment is not there");
    return await spool.read(place);
  },
});

beforeAll(async () => {
  rig = await makeRecordingsRig();
  await rig.restart({}, { spool: slow });
  [camera, custodian] = [await rig.key("device"), await rig.key("custodian")];
}, 60_000);
afterAll(() => rig.end());

async function record(): Promise<string> {
  const id = await rig.open(camera);
  await rig.put(camera, `/api/v1/recordings/${id}/takes/0/init`, media.init);
  for (const [n, bytes] of media.fragments.entries())
    await rig.put(camera, `/api/v1/recordings/${id}/takes/0/fragments/${n}`, bytes);
  return id;
}
const fetchFragment = (id: string): Promise<Response> =>
  fetch(`${rig.url()}/api/v1/recordings/${id}/takes/0/fragments/0`, {
    headers: { authorization: `Bearer ${custodian.token}` },
  });

it("serves a fragment that is rolled and released while it is asked for", async () => {
  const id = await record();
  before = async () => {
    await rig.send(camera, "POST", `/api/v1/recordings/${id}/close`, {
      takes: [{ take: 0, fragments: media.fragments.length }],
    });
    await rig.settle(id, "stored");
    await rig.spool().rotate();
    await rig.recordings().look();
  };
  const answer = await fetchFragment(id);
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer()).equals(media.fragments[0] ?? media.init)).toBe(true);
  expect(rig.errors).toEqual([]);
});

it("says with its code, and to the operator, that a fragment is gone whose row says it is here", async () => {
  const id = await record();
  lost = true;
  const answer = await fetchFragment(id);
  lost = false;
  expect([answer.status, await answer.json()]).toMatchObject([500, { code: "storage-damaged" }]);
  expect(rig.errors.join("\n")).toContain("what is stored is damaged");
});

it("lists a take of many thousand fragments, page by page, without one missing", async () => {
  const id = await record();
  const owner = await rig.intake.test.owner();
  const { rows } = await owner.query<{ id: string }>("select id from sworn.take where recording_id = $1", [id]);
  const take = rows[0]?.id ?? "";
  const have = media.fragments.length;
  await owner.query(
    `insert into sworn.fragment (take_id, n, agency_id, sha256, size, duration_ms, spool_node, spool_segment, spool_offset, spool_size, received_at)
     select $1, n, $2, sha256(n::text::bytea), 10, 1000 + n % 7, 'elsewhere', 'x', 0, 10, now() from generate_series($3::int, 4000) n`,
    [take, rig.intake.agencyId, have],
  );
  await owner.query("update sworn.take set fragments = 4001 where id = $1", [take]);
  await owner.query("update sworn.recording set state = 'interrupted' where id = $1", [id]);
  const numbers: number[] = [];
  for await (const { n } of eachFragment(rig.intake.database, rig.intake.agencyId, take, -1)) numbers.push(n);
  expect(numbers).toEqual(Array.from({ length: 4002 }, (_, i) => i - 1));
  const { text } = (await rig.send(custodian, "GET", `/api/v1/recordings/${id}/live.m3u8`)).body;
  const listed = [...String(text).matchAll(/fragments\/(\d+)$/gm)].map((match) => Number(match[1]));
  expect(listed).toEqual(numbers.slice(1));
  expect(text).toMatch(/#EXT-X-TARGETDURATION:2\n[\s\S]*#EXT-X-ENDLIST\n$/);
});
