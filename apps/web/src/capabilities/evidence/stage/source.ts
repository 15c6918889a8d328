import type { Evidence } from "@sworn/contract";
import type Hls from "hls.js";
import { sworn } from "../../../app/server.ts";

export type Source =
  | { readonly kind: "file"; readonly url: string }
  | { readonly kind: "playlist"; readonly url: string; readonly live: boolean };

/** One part plays from its exact bytes; several, and what is being recorded now, through a playlist. */
export function sourceOf(evidence: Evidence, mayView: boolean): Source | null {
  if (!mayView) return null;
  const id = encodeURIComponent(evidence.id);
  if (evidence.kind !== "video" && evidence.kind !== "audio") return null;
  // What the boxed decoder refused to open is not handed to the browser's decoder either.
  if (evidence.media.state === "refused") return null;
  if (evidence.state === "live")
    return { kind: "playlist", url: sworn.http.url(`/api/v1/recordings/${id}/live.m3u8`), live: true };
  if (evidence.state !== "stored" && evidence.state !== "incomplete") return null;
  if (evidence.takes.length > 1)
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
    const { default: HlsPlayer } = await import("hls.js");
    if (gone) return;
    if (!HlsPlayer.isSupported()) {
      // Safari plays playlists by itself.
      video.src = source.url;
      return;
    }
    hls = new HlsPlayer({ lowLatencyMode: source.live, backBufferLength: 60, maxBufferLength: 30 });
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

/** Without this the browser goes on downloading for a page that is gone. */
function release(video: HTMLVideoElement): void {
  video.removeAttribute("src");
  video.load();
}
