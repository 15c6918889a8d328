import type { Evidence } from "@sworn/contract";
import { useQueries } from "@tanstack/react-query";
import { useMay } from "../../../app/me.ts";
import { sworn } from "../../../app/server.ts";
import { partAt, type Part } from "../stage/parts.ts";
import type { Storyboard } from "./storyboard-tile.ts";

interface Strips {
  readonly storyboard: Storyboard | null;
  readonly waveform: { readonly stepMs: number; readonly peaks: Uint8Array } | null;
}
/** What runs under the time line, of one part. */
export interface PartStrips extends Strips {
  readonly part: Part;
  /** Of the picture that holds all tiles. */
  readonly url: string;
}

const mostLooks = 40;

/**
 * Pictures and loudness of the parts that are wide enough to be seen in this stretch: a recording may have thousands.
 * They are made after the item is stored, so a new item is asked about again for a while.
 */
export function useStrips(
  evidence: Evidence,
  parts: readonly Part[],
  stretch: { readonly from: number; readonly to: number },
): readonly PartStrips[] {
  const mayView = useMay()("evidence.view");
  const shown = evidence.state === "stored" && mayView && (evidence.kind === "video" || evidence.kind === "audio");
  const least = (stretch.to - stretch.from) / 100;
  const seen = parts.filter(
    ({ start, duration }) => duration >= least && start < stretch.to && start + duration > stretch.from,
  );
  return useQueries({
    queries: (shown ? seen : []).map((part) => ({
      queryKey: ["evidence", evidence.id, "strips", part.take],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Strips> => {
        const { storyboard, waveform } = await sworn.evidence.strips(evidence.id, part.take, signal);
        return {
          storyboard,
          waveform: waveform === null ? null : { stepMs: waveform.stepMs, peaks: bytesOf(waveform.peaks) },
        };
      },
      refetchInterval: ({ state }: { state: { data: Strips | undefined; dataUpdateCount: number } }) =>
        awaits(evidence, state.data) && state.dataUpdateCount < mostLooks ? 3000 : false,
    })),
    combine: (answers) =>
      answers.flatMap(({ data }, index): PartStrips[] => {
        const part = seen[index];
        if (data === undefined || part === undefined) return [];
        return [{ ...data, part, url: sworn.evidence.storyboardUrl(evidence.id, part.take) }];
      }),
  });
}

/** The strips of the part that plays at a moment. */
export function stripsAt(strips: readonly PartStrips[], time: number): PartStrips | undefined {
  const part = partAt(
    strips.map((each) => each.part),
    time,
  );
  const found = strips.find((each) => each.part === part);
  return found !== undefined && time <= found.part.start + found.part.duration + 0.5 ? found : undefined;
}

function awaits(evidence: Evidence, strips: Strips | undefined): boolean {
  if (strips === undefined || (strips.storyboard !== null && strips.waveform !== null)) return false;
  if (evidence.media.state === "refused" || evidence.storedAt === null) return false;
  return Date.now() - Date.parse(evidence.storedAt) < 10 * 60 * 1000;
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
