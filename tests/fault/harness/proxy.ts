import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Random } from "./random.ts";

/** What the line between client and server does to one connection, chosen by the seed. */
const moods = ["clean", "reset", "vanish", "slow"] as const;

export interface Proxy {
  readonly url: string;
  readonly counts: Readonly<Record<(typeof moods)[number], number>>;
  close(): Promise<void>;
}

/**
 * A TCP line that breaks: connections are reset after a random number of bytes, fall silent with both ends open (as when
 * a vehicle drives into a tunnel), or drip. Bytes that pass are never changed: TCP would not either.
 */
export async function startProxy(targetPort: number, random: Random): Promise<Proxy> {
  const counts = { clean: 0, reset: 0, vanish: 0, slow: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const mood = random.chance(0.5) ? "clean" : random.pick(["reset", "reset", "vanish", "slow"] as const);
    counts[mood] += 1;
    const limit = random.between(200, 3 << 20);
    const upstream = connect(targetPort, "127.0.0.1");
    let passed = 0;
    const end = (): void => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.once("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on("error", () => to.destroy());
      from.on("data", (bytes: Buffer) => {
        passed += bytes.length;
        const over = mood !== "clean" && passed > limit;
        if (over && mood === "reset") return end();
        if (over && mood === "vanish") {
          // Nothing more arrives anywhere; after a while the line notices.
          from.pause();
          setTimeout(end, 1500).unref();
          return;
        }
        if (mood === "slow") {
          from.pause();
          setTimeout(() => from.resume(), 5);
        }
        if (!to.write(bytes)) {
          from.pause();
          to.once("drain", () => from.resume());
        }
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
