import type { FramesNear } from "./frame-times.ts";

export interface PlayerState {
  /** Seconds from the start of the first part. */
  readonly time: number;
  readonly duration: number;
  readonly playing: boolean;
  /** Chosen speed forwards, 0.1 to 16. */
  readonly rate: number;
  /** Speed backwards while J is held to, else 0. */
  readonly backwards: number;
  readonly volume: number;
  readonly muted: boolean;
  readonly phase: "loading" | "ready" | "waiting" | "failed";
  /** Where the pointer is over any lane, in seconds: all lanes show it. */
  readonly hover: number | null;
  /** The stretch between I and O, in seconds; either end may be open. In is always before out. */
  readonly rangeIn: number | null;
  readonly rangeOut: number | null;
  /** Whether the range, or all of it where there is none, plays again and again. */
  readonly looping: boolean;
  /** What a step goes by: the file's own frame times, or a rate that the file states, or none better than a guess. */
  readonly stepsBy: "not-known" | "frames" | "rate" | "guess";
}

/** Where a file states no rate. */
const usualRate = 30;
export const slowest = 0.1;
export const fastest = 16;
const ladder = [0.1, 0.25, 0.5, 1, 1.5, 2, 4, 8, 16] as const;

const atRest: PlayerState = {
  time: 0,
  duration: 0,
  playing: false,
  rate: 1,
  backwards: 0,
  volume: 1,
  muted: false,
  phase: "loading",
  hover: null,
  rangeIn: null,
  rangeOut: null,
  looping: false,
  stepsBy: "not-known",
};

/**
 * Drives one <video>. State lives outside React: time changes with every frame, and only the few
 * small parts that show it subscribe.
 */
export class Player {
  #state: PlayerState = atRest;
  #video: HTMLVideoElement | null = null;
  #loop = 0;
  #lastTick = 0;
  #wanted: number | null = null;
  #frameRate: number | null = null;
  #framesNear: FramesNear = () => Promise.resolve(null);
  /** Steps wait for each other: each begins at the frame where the one before ends. */
  #stepping: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): PlayerState => this.#state;

  set(change: Partial<PlayerState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Takes over an element; returns how to let go of it. */
  attach(video: HTMLVideoElement): () => void {
    this.#video = video;
    const events = new AbortController();
    const on = (name: keyof HTMLMediaElementEventMap, work: () => void): void =>
      video.addEventListener(name, work, { signal: events.signal });
    on("loadedmetadata", () => {
      this.set({ phase: "ready" });
      if (this.#wanted !== null) this.seek(this.#wanted);
    });
    on("durationchange", () =>
      this.set({ duration: Number.isFinite(video.duration) ? video.duration : this.#state.duration }),
    );
    on("play", () => this.set({ playing: true }));
    on("pause", () => this.set({ playing: this.#state.backwards > 0 }));
    on("waiting", () => this.set({ phase: "waiting" }));
    on("playing", () => this.set({ phase: "ready" }));
    on("canplay", () => this.set({ phase: "ready" }));
    on("seeked", () => this.set({ time: video.currentTime }));
    on("volumechange", () => this.set({ volume: video.volume, muted: video.muted }));
    on("error", () => this.set({ phase: "failed", playing: false }));
    const tick = (now: number): void => {
      this.#tick(now);
      this.#loop = requestAnimationFrame(tick);
    };
    this.#loop = requestAnimationFrame(tick);
    return () => {
      events.abort();
      cancelAnimationFrame(this.#loop);
      this.#video = null;
      this.#wanted = this.#state.time;
      const { volume, muted, time, rangeIn, rangeOut, looping } = this.#state;
      this.set({ ...atRest, volume, muted, time, rangeIn, rangeOut, looping });
    };
  }

  /** Frames per second of the picture, so that a step is one frame. */
  useFrames(frameRate: number | null, near: FramesNear): void {
    this.#frameRate = frameRate !== null && frameRate > 0 && frameRate <= 480 ? frameRate : null;
    this.#framesNear = near;
    this.set({ stepsBy: "not-known" });
  }

  toggle(): void {
    if (this.#state.playing) this.pause();
    else this.play();
  }
  play(): void {
    const video = this.#video;
    if (video === null) return;
    // Said at once: a second press that comes before the browser's own event is a second press.
    this.set({ backwards: 0, playing: true });
    if (video.ended) video.currentTime = 0;
    video.playbackRate = this.#state.rate;
    // Refused (no source yet, autoplay rules); or another press paused and played it meanwhile, and it plays.
    video.play().catch(() => this.set({ playing: !video.paused || this.#state.backwards > 0 }));
  }
  pause(): void {
    this.set({ backwards: 0, playing: false });
    this.#video?.pause();
  }
  seek(seconds: number): void {
    const video = this.#video;
    const end = this.#state.duration > 0 ? this.#state.duration : Number.POSITIVE_INFINITY;
    const time = Math.max(0, Math.min(seconds, end));
    this.#wanted = time;
    this.set({ time });
    if (video !== null && video.readyState > 0) {
      video.currentTime = time;
      this.#wanted = null;
    }
  }
  skip(seconds: number): void {
    this.seek(this.#state.time + seconds);
  }
  /** One frame either way; lands in the middle of a frame, so that rounding cannot show the one before. */
  step(frames: number): void {
    this.pause();
    this.#stepping = this.#stepping.then(() => this.#step(frames));
  }
  async #step(frames: number): Promise<void> {
    const times = await this.#framesNear(this.#state.time);
    const { time } = this.#state;
    const now = times?.findLastIndex((each) => each <= time + 0.0005) ?? -1;
    const to = times?.[Math.max(0, now) + (now < 0 ? 0 : frames)];
    if (times !== null && to !== undefined) {
      const next = times[times.indexOf(to) + 1] ?? to + 1 / (this.#frameRate ?? usualRate);
      this.set({ stepsBy: "frames" });
      this.seek((to + next) / 2);
    } else if (times === null) {
      const rate = this.#frameRate ?? usualRate;
      this.set({ stepsBy: this.#frameRate === null ? "guess" : "rate" });
      this.seek((Math.floor(time * rate + 0.001) + frames + 0.5) / rate);
    }
  }
  /** Forwards; who was going backwards turns round. */
  setRate(rate: number): void {
    const kept = Math.max(slowest, Math.min(fastest, rate));
    const turned = this.#state.backwards > 0;
    this.set({ rate: kept, backwards: 0 });
    if (this.#video !== null) this.#video.playbackRate = kept;
    if (turned) this.play();
  }
  /** A step up or down the ladder of speeds, in the direction it is going. */
  changeRate(steps: number): void {
    const { rate, backwards } = this.#state;
    const at = ladder.findIndex((each) => each >= (backwards > 0 ? backwards : rate) - 0.001);
    const next = ladder[Math.max(0, Math.min(ladder.length - 1, at + steps))] ?? 1;
    if (backwards > 0) this.set({ backwards: next });
    else this.setRate(next);
  }
  /** J and L: the first press plays, each further press doubles; the other direction starts anew. */
  shuttle(direction: 1 | -1): void {
    const { playing, rate, backwards } = this.#state;
    if (direction === 1) {
      const again = playing && backwards === 0;
      this.setRate(again ? Math.max(1, rate) * 2 : 1);
      if (!again) this.play();
      return;
    }
    this.#video?.pause();
    this.#lastTick = performance.now();
    this.set({
      playing: true,
      rate: 1,
      backwards: backwards === 0 ? 1 : Math.min(fastest, Math.max(1, backwards * 2)),
    });
  }
  setVolume(volume: number): void {
    if (this.#video === null) return;
    this.#video.volume = Math.max(0, Math.min(1, volume));
    this.#video.muted = volume <= 0;
  }
  toggleMuted(): void {
    if (this.#video !== null) this.#video.muted = !this.#video.muted;
  }
  /** Sets one end of the range where the picture is; an end that would stand on the wrong side of it is let go. */
  markIn(): void {
    const { time, rangeOut } = this.#state;
    this.setRange(time, rangeOut !== null && rangeOut > time ? rangeOut : null);
  }
  markOut(): void {
    const { time, rangeIn } = this.#state;
    this.setRange(rangeIn !== null && rangeIn < time ? rangeIn : null, time);
  }
  setRange(rangeIn: number | null, rangeOut: number | null): void {
    if (rangeIn !== null && rangeOut !== null && rangeOut <= rangeIn) return;
    this.set({ rangeIn, rangeOut });
  }
  clearRange(): void {
    this.set({ rangeIn: null, rangeOut: null, looping: false });
  }
  /** Repeats the range, or all of it; begins at the range where the picture is outside of it. */
  setLooping(looping: boolean): void {
    this.set({ looping });
    const { time, rangeIn, rangeOut } = this.#state;
    if (looping && (time < (rangeIn ?? 0) || (rangeOut !== null && time >= rangeOut))) this.seek(rangeIn ?? 0);
  }
  hover(seconds: number | null): void {
    if (seconds !== this.#state.hover) this.set({ hover: seconds });
  }

  #tick(now: number): void {
    const video = this.#video;
    if (video === null) return;
    if (this.#state.backwards > 0) {
      // No browser plays backwards: seek as fast as pictures come, by the time that truly passed.
      if (video.seeking) return;
      const time = video.currentTime - ((now - this.#lastTick) / 1000) * this.#state.backwards;
      this.#lastTick = now;
      if (time <= 0) this.pause();
      this.seek(time);
      return;
    }
    const { playing, looping, rangeIn, rangeOut } = this.#state;
    if (playing && video.currentTime !== this.#state.time) this.set({ time: video.currentTime });
    if (looping && playing && !video.seeking && (video.ended || video.currentTime >= (rangeOut ?? Infinity))) {
      this.seek(rangeIn ?? 0);
      if (video.ended || video.paused) this.play();
      return;
    }
    if (video.ended && playing) this.set({ playing: false });
  }
}
