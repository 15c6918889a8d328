/** Files, bytes, rate and time left: one line that is rewritten on a terminal, a line every ten seconds elsewhere. */
export class Progress {
  #files = 0;
  #filesDone = 0;
  #bytes = 0;
  /** Bytes of finished files, and of the one at hand. */
  #done = 0;
  #now = 0;
  #doing = "";
  /** Rates of the last seconds, so that a resumed file does not promise the end at once. */
  #samples: { at: number; sent: number }[] = [];
  #moved = 0;
  readonly #terminal: boolean;
  readonly #write: (text: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;

  constructor(stream: { isTTY?: boolean; write(text: string): unknown }) {
    this.#terminal = stream.isTTY === true;
    this.#write = (text) => void stream.write(text);
  }

  start(files: number, bytes: number): void {
    this.stop();
    [this.#files, this.#filesDone, this.#bytes, this.#done, this.#now, this.#moved, this.#ticks] = [
      files,
      0,
      bytes,
      0,
      0,
      0,
      0,
    ];
    this.#samples = [];
    this.#timer = setInterval(() => this.#tick(), 1000).unref();
  }

  /** What is done with which file, and how far; going back after a broken connection counts as going back. */
  at(doing: string, sent: number): void {
    if (doing === this.#doing && sent > this.#now) this.#moved += sent - this.#now;
    this.#doing = doing;
    this.#now = sent;
  }

  fileDone(size: number): void {
    this.#filesDone += 1;
    this.#done += size;
    [this.#now, this.#doing] = [0, ""];
  }

  /** A line that stays. */
  say(text: string): void {
    this.#write(`${this.#terminal ? "\r\u001B[2K" : ""}${text}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#terminal && this.#timer !== undefined) this.#write("\r\u001B[2K");
    this.#timer = undefined;
  }

  #tick(): void {
    this.#ticks += 1;
    this.#samples.push({ at: performance.now(), sent: this.#moved });
    if (this.#samples.length > 10) this.#samples.shift();
    if (this.#terminal) this.#write(`\r\u001B[2K${this.line()}`);
    else if (this.#ticks % 10 === 0) this.#write(`${this.line()}\n`);
  }

  line(): string {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    const span = first === undefined || last === undefined ? 0 : last.at - first.at;
    const rate = span <= 0 ? 0 : (((last?.sent ?? 0) - (first?.sent ?? 0)) * 1000) / span;
    const left = this.#bytes - this.#done - this.#now;
    return [
      `${this.#filesDone} of ${this.#files} files`,
      `${sizeText(this.#done + this.#now)} of ${sizeText(this.#bytes)}`,
      `${sizeText(rate)}/s`,
      rate > 0 ? `${timeText(left / rate)} left` : "time left unknown",
      ...(this.#doing === "" ? [] : [this.#doing]),
    ].join(" · ");
  }
}

export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export function timeText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
