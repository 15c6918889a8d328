import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";

/** The client's address, from the socket's and, where the socket is a trusted proxy's, from what the proxies say. */
export type ClientAddress = (socketAddress: string, headers: IncomingHttpHeaders) => string;

/** More hops than any chain of proxies has: a longer list was made to be long. */
const MOST_HOPS = 50;

/** What `cidrs` names cannot be read as addresses or networks. */
export class ProxyListError extends Error {
  readonly code = "proxy-list-unusable";
  override readonly name = "ProxyListError";
}

/**
 * Believes `X-Forwarded-For` and `Forwarded` (RFC 7239) only from the given networks, and of them only the last hop
 * that is not such a proxy itself: everything left of it was written by the client. Where both headers are there and
 * differ, one of them is the client's own, and the proxy's address counts. `cidrs`: `10.0.0.0/8`, `::1`, …
 */
export function trustProxies(cidrs: readonly string[]): ClientAddress {
  const trusted = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", bits, ...more] = cidr.split("/");
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (version === 0 || more.length > 0 || !(prefix >= 0 && prefix <= most))
      throw new ProxyListError(`${cidr} is not an address or a network such as 10.0.0.0/8`);
    trusted.addSubnet(address, prefix, version === 4 ? "ipv4" : "ipv6");
  }
  const isTrusted = (address: string): boolean => {
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 4 ? "ipv4" : "ipv6");
  };

  return (socketAddress, headers) => {
    const socket = plain(socketAddress);
    if (!isTrusted(socket)) return socket;
    const heads = [headers["x-forwarded-for"], headers.forwarded];
    const [xff, forwarded] = [hopsOf(heads[0]), hopsOf(heads[1])?.map(forOf)];
    const found = [xff, forwarded].filter((hops) => hops !== undefined).map(lastUntrusted);
    const [first = socket] = found;
    return found.every((address) => address === first) ? first : socket;

    /** What is no address (unknown, _hidden) tells nobody apart: the proxy's own stands for it. */
    function lastUntrusted(hops: readonly string[]): string {
      let last = socket;
      for (const hop of hops.slice(-MOST_HOPS).toReversed()) {
        const address = plain(hop);
        if (isIP(address) === 0) return last;
        last = address;
        if (!isTrusted(address)) return address;
      }
      return last;
    }
  };
}

/** Nobody is trusted: the socket's address is the client's. */
export const socketAddress: ClientAddress = (address) => plain(address);

function hopsOf(header: string | string[] | undefined): string[] | undefined {
  if (header === undefined) return undefined;
  return (Array.isArray(header) ? header.join(",") : header).split(",").map((hop) => hop.trim());
}

/** `for="[2001:db8::1]:4711";proto=https` → `[2001:db8::1]:4711` */
function forOf(element: string): string {
  const pair = element.split(";").find((each) => /^\s*for=/i.test(each)) ?? "";
  return pair
    .replace(/^\s*for=/i, "")
    .replaceAll('"', "")
    .trim();
}

/** Without port, brackets and zone; IPv4 as IPv4, however the socket or the proxy wrote it. */
function plain(address: string): string {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(address)?.[1] ?? address;
  return bare.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}
