import { expect, it } from "vitest";
import { readPlaylist } from "./read-playlist.ts";

it("a playlist tells where each fragment lies, part by part", () => {
  const text = [
    "#EXTM3U",
    '#EXT-X-MAP:URI="media?take=0",BYTERANGE="700@0"',
    "#EXTINF:1.000,",
    "#EXT-X-BYTERANGE:5000@700",
    "media?take=0",
    "#EXTINF:0.960,",
    "#EXT-X-BYTERANGE:4000@5700",
    "media?take=0",
    "#EXT-X-DISCONTINUITY",
    '#EXT-X-MAP:URI="media?take=3",BYTERANGE="710@0"',
    "#EXTINF:1.000,",
    "#EXT-X-BYTERANGE:10@710",
    "media?take=3",
    "#EXT-X-ENDLIST",
  ].join("\n");
  expect(readPlaylist(text)).toEqual([
    {
      take: 0,
      init: { offset: 0, size: 700 },
      entries: [
        { offset: 700, size: 5000, start: 0 },
        { offset: 5700, size: 4000, start: 1 },
      ],
    },
    { take: 3, init: { offset: 0, size: 710 }, entries: [{ offset: 710, size: 10, start: 0 }] },
  ]);
});
