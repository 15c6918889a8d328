import type { Evidence } from "@sworn/contract";
import type Hls from "hls.js";
import { sworn } from "../../../app/server.ts";

export type Source =
  | { readonly kind: "file"; readonly url: string }
  | { readonly kind: "playlist"; readonly url: string; readonly live: boolean };

/**
 * A file plays from its exact bytes. What was recorded in fragments plays through a playlist, which says where each of
 * them lies: a browser that is given the bytes alone has to read its way through all of them first.
 */
export function sourceOf(evidence: Evidence, mayView: boolean): Source | null {
  if (!mayView) return null;
  const id = encodeURIComponent(evidence.id);
  if (evidence.kind !== "video" && evidence.kind !== "audio") return null;
  // What the boxed decoder refused to open is not handed to the browser's decoder either.
  if (evidence.media.state === "refused") return null;
  if (evidence.state === "live")
    return { kind: "playlist", url: sworn.http.url(`/api/v1/recordings/${id}/live.m3u8`), live: true };
  if (evidence.state !== "stored" && evidence.state !== "incomplete") return null;
  const fragments = evidence.state === "stored" && typeof evidence.takes[0]?.fragments === "number";
  if (evidence.takes.length > 1 || fragments)
    return { kind: "playlist", url: sworn.http.url(`/api/v1/evidence/${id}/playlist.m3u8`), live: false };
  return { kind: "file", url: sworn.evidence.mediaUrl(evidence.id) };
}

/** Gives the element its source; returns how to take it away again. */
export function attachSource(video: HTMLVideoElement, source: Source, onFatal: () => void): () => void {
  if (source.kind === "file") {
    video.src = source.url;
    return () => release(video);
  }
  let hls: Hls | null = null;
  let gone = false;
  const begin = async (): Promise<void> => {
    const { default: HlsPlayer } = await playlistPlayer();
    if (gone) return;
    if (!HlsPlayer.isSupported()) {
      // Safari plays playlists by itself.
      video.src = source.url;
      return;
    }
    hls = new HlsPlayer({
      lowLatencyMode: source.live,
      backBufferLength: 60,
      maxBufferLength: 30,
      // Fragments are given on as they are: a worker for that costs more than it does. There is one level to choose
      // from, so nothing is measured first, and the first fragment is asked for together with its beginning.
      enableWorker: false,
      testBandwidth: false,
      startFragPrefetch: true,
    });
    hls.on(HlsPlayer.Events.ERROR, (_event, error) => {
      if (error.fatal) onFatal();
    });
    hls.loadSource(source.url);
    hls.attachMedia(video);
  };
  begin().catch(onFatal);
  return () => {
    gone = true;
    hls?.destroy();
    release(video);
  };
}

const playlistPlayer = async (): Promise<{ readonly default: typeof Hls }> => await import("hls.js");

/** What a click is about to need: the program that plays playlists is large, and waits for nobody's footage. */
export function expectSource(evidence: Evidence): void {
  if (evidence.state !== "stored" && evidence.state !== "live") return;
  if (typeof evidence.takes[0]?.fragments !== "number") return;
  playlistPlayer().catch(() => undefined); // asked for again when it is needed, and then told
}

/** Without this the browser goes on downloading for a page that is gone. */
function release(video: HTMLVideoElement): void {
  video.removeAttribute("src");
  video.load();
}
