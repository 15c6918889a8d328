import type { Evidence, TrackFeature } from "@sworn/contract";
import { SwornError } from "@sworn/sdk";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useMay } from "../../../app/me.ts";
import { sworn } from "../../../app/server.ts";
import { partsOf } from "../stage/parts.ts";
import { fixesOf, type Fix } from "./geometry.ts";

export interface Track {
  readonly state: "none" | "loading" | "failed" | "ready";
  readonly fixes: readonly Fix[];
  readonly features: readonly TrackFeature[];
  readonly error: unknown;
}

/** Positions of every part; a part without any is left out. */
export function useTrack(evidence: Evidence): Track {
  const takes = evidence.takes.map((take) => take.take);
  const live = evidence.state === "live";
  const mayView = useMay()("evidence.view");
  const query = useQuery({
    queryKey: ["evidence", evidence.id, "track", takes.length],
    enabled: evidence.hasTrack && mayView,
    staleTime: live ? 0 : Number.POSITIVE_INFINITY,
    refetchInterval: live ? 5000 : false,
    queryFn: async ({ signal }) => {
      const features = await Promise.all(
        takes.map((take) => trackOf(evidence.id, takes.length > 1 ? take : undefined, signal)),
      );
      return features.filter((feature) => feature !== null);
    },
  });
  const features = query.data;
  const fixes = useMemo(
    () => (features === undefined ? [] : fixesOf(features, partsOf(evidence))),
    [features, evidence],
  );
  if (!evidence.hasTrack) return { state: "none", fixes: [], features: [], error: null };
  if (query.isError) return { state: "failed", fixes: [], features: [], error: query.error };
  if (features === undefined) return { state: "loading", fixes: [], features: [], error: null };
  return { state: fixes.length === 0 ? "none" : "ready", fixes, features, error: null };
}

async function trackOf(id: string, take: number | undefined, signal: AbortSignal): Promise<TrackFeature | null> {
  try {
    return await sworn.evidence.track(id, take === undefined ? {} : { take }, signal);
  } catch (error) {
    if (error instanceof SwornError && error.code === "not-found") return null;
    throw error;
  }
}
