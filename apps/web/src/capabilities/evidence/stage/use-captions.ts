import { useEffect, useState, type RefObject } from "react";

export interface Captions {
  /** Whether the item brought any. */
  readonly there: boolean;
  readonly shown: boolean;
  readonly toggle: () => void;
}

const isCaption = ({ kind }: TextTrack): boolean => kind === "captions" || kind === "subtitles";

/** The text tracks of what plays, from the file itself or added to it; without any there is nothing to switch. */
export function useCaptions(video: RefObject<HTMLVideoElement | null>, source: string | null): Captions {
  const [state, setState] = useState({ there: false, shown: false });
  const captions = (): TextTrack[] => [...(video.current?.textTracks ?? [])].filter(isCaption);
  useEffect(() => {
    const tracks = video.current?.textTracks;
    if (tracks === undefined) return undefined;
    const look = (): void => {
      const all = [...tracks].filter(isCaption);
      setState({ there: all.length > 0, shown: all.some(({ mode }) => mode === "showing") });
    };
    const names = ["addtrack", "removetrack", "change"];
    for (const name of names) tracks.addEventListener(name, look);
    look();
    return () => {
      for (const name of names) tracks.removeEventListener(name, look);
    };
  }, [video, source]);
  return {
    ...state,
    toggle: () => {
      const [first, ...others] = captions();
      if (first === undefined) return;
      first.mode = first.mode === "showing" ? "disabled" : "showing";
      for (const other of others) other.mode = "disabled";
      setState({ there: true, shown: first.mode === "showing" });
    },
  };
}
