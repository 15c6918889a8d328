import { createContext, use, useSyncExternalStore } from "react";
import type { Player, PlayerState } from "./player.ts";

const PlayerContext = createContext<Player | null>(null);
export const PlayerProvider = PlayerContext.Provider;

export function usePlayer(): Player {
  const player = use(PlayerContext);
  if (player === null) throw new Error("A player's part stands outside its page.");
  return player;
}

/** Renders again only when the chosen value changes; the choice must be a plain value. */
export function usePlayerState<T extends string | number | boolean | null>(choose: (state: PlayerState) => T): T {
  const player = usePlayer();
  return useSyncExternalStore(player.subscribe, () => choose(player.state()));
}
