import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Sworn } from "@sworn/sdk";
import { type Command, UsageError } from "../command.ts";
import type { CaptureOptions } from "../camera/capture.ts";
import { GpsLog } from "../camera/gps-log.ts";
import { seconds, secondsKept, showProgress, troubleOf } from "../camera/progress.ts";
import { record, type RecordState } from "../camera/record.ts";
import { RecordingFolder } from "../camera/recording-folder.ts";
import { RecordingSender } from "../camera/send-recording.ts";
import { lockSpool } from "../camera/spool-lock.ts";
import { connect, serverHelp, serverOptions } from "../server-options.ts";

const help = `sworn camera [--source FILE|/dev/videoN|rtsp://…|test] [--gps FILE.nmea] [options]

Records, keeps every second on this machine until the server has stored it, and sends it as it records.
Ctrl-C ends the recording; what is not sent yet goes up first. A second Ctrl-C leaves it for the next start.

${serverHelp}  --source S        what to record (default: test, a moving test picture with a clock and a beep)
  --gps FILE        positions from an NMEA log, in step with the picture
  --title T         the item's name in the library
  --seconds N       stop after N seconds
  --fast            a file or the test picture as fast as it encodes, not at its own speed
  --size WxH        picture of test and devices (1280x720)
  --rate N          pictures a second of test and devices (25)
  --bitrate N       kilobits a second (2000)
  --spool DIR       where footage is kept until it is stored (SWORN_HOME/camera, else ~/.local/state/sworn/camera)
  --send-only       record nothing: send what an earlier run left
  --wait N          seconds to wait at the end for everything to be stored (120)
  --json            one JSON object at the end

Exit code 0: everything is stored. 3: kept in the spool, to be sent by the next start.
`;

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...serverOptions,
      source: { type: "string", default: "test" },
      gps: { type: "string" },
      title: { type: "string" },
      seconds: { type: "string" },
      fast: { type: "boolean", default: false },
      size: { type: "string", default: "1280x720" },
      rate: { type: "string", default: "25" },
      bitrate: { type: "string", default: "2000" },
      spool: { type: "string" },
      "send-only": { type: "boolean", default: false },
      wait: { type: "string", default: "120" },
      json: { type: "boolean", default: false },
    },
  });
  const size = /^(\d{2,4})x(\d{2,4})$/.exec(values.size);
  if (size === null) throw new UsageError("--size is like 1280x720.");
  const capture: CaptureOptions = {
    source: values.source,
    realtime: !values.fast,
    width: Number(size[1]),
    height: Number(size[2]),
    rate: positive(values.rate, "--rate"),
    kilobits: positive(values.bitrate, "--bitrate"),
    seconds: values.seconds === undefined ? undefined : positive(values.seconds, "--seconds"),
  };
  const waitMs = positive(values.wait, "--wait") * 1000;
  const sworn = connect(values);
  const gps = await GpsLog.open(values.gps);
  const spool = values.spool ?? defaultSpool();
  const unlock = await lockSpool(spool);
  const recording = new AbortController();
  const sending = new AbortController();
  const stop = (): void => (recording.signal.aborted ? sending.abort() : recording.abort());
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const senders: RecordingSender[] = [];
  const running: Promise<void>[] = [];
  const begin = (folder: RecordingFolder): RecordingSender => {
    const sender = new RecordingSender(sworn, folder);
    senders.push(sender);
    running.push(sender.run(sending.signal));
    return sender;
  };
  const state: RecordState = { take: 0, fragments: 0, bytes: 0, durationMs: 0 };
  const began = performance.now();
  const progress = showProgress(state, senders);
  const hide = progress.stop;
  if (!values["send-only"]) progress.say(`Opening ${sourceText(capture)}. Ctrl-C ends the recording.`);
  progress.say(`Footage is kept in ${spool} until ${sworn.http.url("")} has stored it.`);
  void introduce(sworn, sending.signal).then((text) => (text === null ? undefined : progress.say(text)));
  try {
    // What a crash or a day without network left comes first in the spool; it is sent beside the new recording.
    const left = await leftBehind(spool);
    for (const folder of left) begin(folder);
    if (left.length > 0) {
      const footage = seconds(await secondsKept(senders));
      progress.say(`An earlier run left ${recordings(left.length)} there, ${footage} of footage: it goes up as well.`);
    } else if (values["send-only"]) progress.say("Nothing is left there to be sent.");
    let id: string | null = null;
    if (!values["send-only"]) {
      const live: { sender: RecordingSender | null } = { sender: null };
      const { folder, complaint } = await record({
        spool,
        title: values.title,
        capture,
        gps,
        state,
        signal: recording.signal,
        onBegin: (begun) => {
          progress.say("Recording.");
          live.sender = begin(begun);
        },
        onFragment: () => live.sender?.wake(),
      });
      if (folder === null && !recording.signal.aborted) throw new Error(`The source gave no picture. ${complaint}`);
      live.sender?.wake();
      id = folder?.id ?? null;
    }
    const patience = setTimeout(() => sending.abort(), waitMs);
    await Promise.all(running);
    clearTimeout(patience);
    hide();
    const done = senders.every((sender) => sender.state.done);
    const sum = (of: "received" | "stored" | "waiting" | "refused"): number =>
      senders.reduce((n, s) => n + s.state[of], 0);
    const result = {
      id,
      recordings: senders.length,
      fragments: state.fragments,
      received: sum("received"),
      stored: sum("stored"),
      refused: sum("refused"),
      bytes: state.bytes,
      positions: gps.size,
      seconds: Math.round(performance.now() - began) / 1000,
      done,
    };
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else if (done) {
      const left = result.refused === 0 ? " Nothing is left on this machine." : "";
      const now = id === null ? "" : `${seconds(state.durationMs / 1000)} of footage recorded now, `;
      process.stderr.write(`Stored: ${now}${result.stored} pieces in all.${left}\n`);
    }
    if (!done) {
      const why = troubleOf(senders);
      const waits = `${seconds(await secondsKept(senders))} of footage wait in ${spool}`;
      process.stderr.write(`Not everything is stored yet${why === "" ? "" : ` (${why})`}: ${waits};\n`);
      process.stderr.write("the next start sends them, or: sworn camera --send-only\n");
    }
    if (result.refused > 0) process.stderr.write(`${result.refused} pieces were refused; they are kept in ${spool}.\n`);
    return done && result.refused === 0 ? 0 : 3;
  } finally {
    hide();
    recording.abort();
    sending.abort();
    await Promise.allSettled(running);
    await unlock();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

function sourceText({ source, width, height }: CaptureOptions): string {
  if (source === "test") return `a moving test picture, ${width}x${height}`;
  return source.startsWith("/dev/") ? `${source}, ${width}x${height}` : hideSecrets(source);
}

/** Streams carry their password in the address; a terminal's scrollback is no place for it. */
function hideSecrets(source: string): string {
  if (!URL.canParse(source)) return source;
  const address = new URL(source);
  address.password = "";
  return address.href;
}

const recordings = (count: number): string => (count === 1 ? "a recording" : `${count} recordings`);

/** Who this camera is to the server, or that the server is away; null where the end came first. */
async function introduce(sworn: Sworn, signal: AbortSignal): Promise<string | null> {
  try {
    const { key, person, agency } = await sworn.me(signal);
    return `The server knows this camera as ${key?.name ?? person?.name ?? "somebody"} of ${agency.name}.`;
  } catch (error) {
    if (signal.aborted) return null;
    const why = error instanceof Error ? error.message : String(error);
    return `The server cannot take footage now: ${why} It is recorded and kept all the same.`;
  }
}

/** Recordings of earlier runs, oldest first. One that was not ended was cut off by a crash or a power cut. */
async function leftBehind(spool: string): Promise<RecordingFolder[]> {
  const found: RecordingFolder[] = [];
  for (const name of await readdir(spool)) {
    try {
      const folder = await RecordingFolder.load(join(spool, name));
      if (folder === null) continue;
      await folder.end("crash-recovered");
      found.push(folder);
    } catch (error) {
      // What cannot be read any more is for a person to look at; what is to be recorded now must not wait for it.
      process.stderr.write(`${join(spool, name)} cannot be sent and is left as it is: ${String(error)}\n`);
    }
  }
  return found.toSorted((a, b) => a.request.clock.utc.localeCompare(b.request.clock.utc));
}

function defaultSpool(): string {
  const home = process.env["SWORN_HOME"];
  if (home !== undefined && home !== "") return join(home, "camera");
  // Not a cache: tidying programs empty those, and here may lie the only copy.
  return join(process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state"), "sworn", "camera");
}

function positive(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new UsageError(`${name} takes a positive number.`);
  return value;
}

export const command: Command = { help, run };
