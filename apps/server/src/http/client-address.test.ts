import { expect, it } from "vitest";
import { socketAddress, trustProxies } from "./client-address.ts";

const believe = trustProxies(["10.0.0.0/8", "fd00::/8", "::1"]);
const proxy = "::ffff:10.1.2.3";

it("believes nobody when nobody is trusted, and no proxy that is not on the list", () => {
  const headers = { "x-forwarded-for": "192.0.2.1" };
  expect(socketAddress(proxy, headers)).toBe("10.1.2.3");
  expect(believe("198.51.100.7", headers)).toBe("198.51.100.7");
  expect(trustProxies([])(proxy, headers)).toBe("10.1.2.3");
});

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["203.0.113.99, 192.0.2.1", "192.0.2.1"], // the first was written by the client
  ["203.0.113.99, 192.0.2.1, 10.9.9.9", "192.0.2.1"],
  ["192.0.2.1:4711", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8::1"],
  ["[2001:db8::1]:443", "2001:db8::1"],
  ["10.9.9.9", "10.9.9.9"], // all the way inside: the outermost we know
  ["", "10.1.2.3"],
  ["192.0.2.1, nonsense", "10.1.2.3"],
  ["192.0.2.1, unknown, 10.9.9.9", "10.9.9.9"],
])("reads the last untrusted hop of X-Forwarded-For: %s", (value, expected) => {
  expect(believe(proxy, { "x-forwarded-for": value })).toBe(expected);
});

it.each([
  ["for=192.0.2.1;proto=https;by=10.1.2.3", "192.0.2.1"],
  ['for=203.0.113.99, For="[2001:db8::1]:4711", for=10.9.9.9', "2001:db8::1"],
  ["for=_hidden", "10.1.2.3"],
  ["proto=https", "10.1.2.3"],
])("reads the last untrusted hop of Forwarded: %s", (value, expected) => {
  expect(believe(proxy, { forwarded: value })).toBe(expected);
});

it("takes neither of two headers that differ: one of them is the client's own", () => {
  expect(believe(proxy, { "x-forwarded-for": "192.0.2.1", forwarded: "for=203.0.113.99" })).toBe("10.1.2.3");
  expect(believe(proxy, { "x-forwarded-for": "192.0.2.1", forwarded: "for=192.0.2.1" })).toBe("192.0.2.1");
});

it.each(["", "10.0.0.0/33", "10.0.0.0/8/8", "proxy.example", "10.0.0.0/", "::1/129"])(
  "refuses %j as a proxy",
  (cidr) => {
    expect(() => trustProxies([cidr])).toThrow(expect.objectContaining({ code: "proxy-list-unusable" }));
  },
);
