import { expect, it } from "vitest";
import { linkTo, momentOf } from "./moment-link.ts";
import { Player } from "./player.ts";

it("an address says as little as it can, a link always when", () => {
  const player = new Player();
  expect(momentOf(player.state())).toEqual({});
  player.seek(12.34567);
  player.setRange(10, 15.5);
  player.setRange(20, 15); // ends before it begins: not taken
  expect(momentOf(player.state())).toEqual({ t: 12.346, in: 10, out: 15.5 });
  player.setLooping(true);
  expect(linkTo("https://sworn.example/evidence/7?t=3&q=x", player.state())).toBe(
    "https://sworn.example/evidence/7?t=12.346&in=10&out=15.5&loop=1",
  );
});

it("an end on the wrong side of the other lets it go", () => {
  const player = new Player();
  player.setRange(10, 20);
  player.seek(25);
  player.markIn();
  expect(player.state()).toMatchObject({ rangeIn: 25, rangeOut: null });
  player.seek(5);
  player.markOut();
  expect(player.state()).toMatchObject({ rangeIn: null, rangeOut: 5 });
  player.clearRange();
  expect(player.state()).toMatchObject({ rangeIn: null, rangeOut: null, looping: false });
});

it("looping begins at the range where the picture is outside of it", () => {
  const player = new Player();
  player.setRange(10, 20);
  player.seek(40);
  player.setLooping(true);
  expect(player.state().time).toBe(10);
});
