import { createServer } from "node:http";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

// The reference server of the protocol, as its documentation sets it up. It neither hashes nor fsyncs.
const tus = new Server({ path: "/files", datastore: new FileStore({ directory: process.env["BENCH_FOLDER"] ?? "" }) });
const server = createServer({ requestTimeout: 0 }, (request, response) => void tus.handle(request, response));
server.listen(Number(process.env["PORT"]), "127.0.0.1", () => process.stdout.write("ready\n"));
