import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

/** A process that does not stop by itself after this long is ended the hard way; in milliseconds. */
const GRACE_MS = 20_000;

/**
 * Ends this process when the launcher is gone, however it went (kill -9 included): the launcher holds the
 * other end of a pipe, and the kernel closes it. The end comes as SIGTERM to ourselves, so that a program
 * needs one way of stopping, and one without any just ends.
 *
 * The launcher loads this file with `--import`, before anything else runs.
 *
 * @returns whether there is a launcher to watch
 */
export function watchParent(env: NodeJS.ProcessEnv = process.env): boolean {
  const fd = Number(env["SWORN_PARENT_FD"]);
  // Our own children inherit the variable but not the pipe: under that number they may have anything.
  delete env["SWORN_PARENT_FD"];
  if (!isMainThread || !Number.isInteger(fd) || fd < 3) return false;
  ignoreLostOutput();
  const pipe = new Socket({ fd, readable: true, writable: false });
  pipe.on("error", () => undefined);
  pipe.once("close", () => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), GRACE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  pipe.resume();
  pipe.unref();
  return true;
}

/** With the terminal closed, a line of log must not end the orderly stop half-way. */
function ignoreLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  }
}

watchParent();
