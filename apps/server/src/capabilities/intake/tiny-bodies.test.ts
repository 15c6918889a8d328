import { afterAll, beforeAll, expect, it } from "vitest";
import { makeUploadsRig, mp4Bytes, type UploadsRig } from "./uploads.testing.ts";

// Each body of an upload becomes an object, a key and rows: a lost key must not send a file byte by byte for ever.

let rig: UploadsRig;
beforeAll(async () => {
  rig = await makeUploadsRig({ tinyBodies: { burst: 3, perSecond: 1 / 30 } });
}, 60_000);
afterAll(() => rig.end());

it("holds up who sends very many very small bodies, and says when to come back", async () => {
  const token = await rig.person();
  const bytes = mp4Bytes(400_000);
  const path = await rig.create(token, bytes.length);
  let at = 0;
  const send = async (length: number): Promise<number> => {
    const answer = await rig.patch(token, path, at, bytes.subarray(at, at + length));
    if (answer.status === 204) at += length;
    else {
      expect(answer.body["code"]).toBe("rate-limited");
      // Half a minute less what this test has taken since.
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(30);
    }
    return answer.status;
  };
  expect([await send(9), await send(1)]).toEqual([204, 204]);
  // Larger ones do not count, however many.
  for (let i = 0; i < 4; i++) expect(await send(64 * 1024)).toBe(204);
  expect([await send(1), await send(1)]).toEqual([204, 429]);
  expect(await rig.offset(token, path)).toBe(at);
  rig.time.offset += 30_000;
  expect(await send(bytes.length - at)).toBe(204); // and a file may end in anything
});
