import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

// The least that an honest receiver does: one HTTP body into one file, its SHA-256 on the way, fsync, then the answer.
const folder = process.env["BENCH_FOLDER"] ?? "";
const server = createServer({ requestTimeout: 0 }, (request, response) => {
  const hash = createHash("sha256");
  const path = join(folder, randomUUID());
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const receive = async (): Promise<void> => {
    await pipeline(request, hashing, createWriteStream(path, { highWaterMark: 1 << 20 }));
    const file = await open(path, "r+");
    await file.sync();
    await file.close();
    response.writeHead(201, { "x-sha256": hash.digest("hex") }).end();
  };
  receive().catch(() => response.destroy());
});
server.listen(Number(process.env["PORT"]), "127.0.0.1", () => process.stdout.write("ready\n"));
