import { UploadList, type UploadStatus } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { sworn } from "../../app/server.ts";
import { uploadQueue, type UploadItem } from "./queue.ts";
import { readRemembered, type Remembered } from "./remembered.ts";

export function useUploads(): readonly UploadItem[] {
  return useSyncExternalStore(uploadQueue.subscribe, uploadQueue.items);
}

export interface Unfinished {
  readonly status: UploadStatus;
  /** Null where another browser began it: then nothing here can tell whether a file is the same. */
  readonly remembered: Remembered | null;
}

/** Uploads of mine that the server still waits for and that are not running in this page. */
export function useUnfinished(): readonly Unfinished[] {
  const running = useUploads();
  const { data } = useQuery({
    queryKey: ["uploads", "open"],
    queryFn: ({ signal }) =>
      sworn.http.json(UploadList, "GET", "/api/v1/uploads", { query: { state: "open" }, signal }),
    refetchInterval: 15_000,
  });
  const memory = readRemembered();
  const active = running.filter(
    (item) => item.phase === "sending" || item.phase === "sealing" || item.phase === "waiting",
  );
  return (data?.items ?? [])
    .filter((status) => status.state === "receiving")
    .map((status) => ({
      status,
      remembered: memory.find((candidate) => candidate.url.endsWith(`/${status.id}`)) ?? null,
    }))
    .filter(({ status }) => !active.some((item) => item.name === status.name && item.size === status.length));
}
