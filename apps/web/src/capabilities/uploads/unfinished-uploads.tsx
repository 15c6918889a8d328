import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPlayerPause } from "@tabler/icons-react";
import { useRef, useState, type ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { formatBytes } from "../../ui/format/bytes.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { words } from "../../words/index.ts";
import { fingerprintFile } from "./fingerprint.ts";
import { isSame, uploadQueue } from "./queue.ts";
import { forget } from "./remembered.ts";
import { useUnfinished, type Unfinished } from "./use-uploads.ts";

const say = words.uploads;

/** After a reload: what has not ended yet, and the same file asked for again. */
export function UnfinishedUploads(): ReactElement | null {
  const unfinished = useUnfinished();
  if (unfinished.length === 0) return null;
  return (
    <section className="unfinished" aria-labelledby="unfinished-title">
      <h2 id="unfinished-title">{say.unfinished}</h2>
      <ul className="uploads">
        {unfinished.map((item) => (
          <UnfinishedRow key={item.status.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function UnfinishedRow(props: { item: Unfinished }): ReactElement {
  const { status, remembered } = props.item;
  const moments = useMoments();
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [other, setOther] = useState(false);
  const url = sworn.http.url(`/api/v1/uploads/${status.id}`);
  const cancel = useMutation({
    mutationFn: () => sworn.uploads.cancel(url),
    onSuccess: () => {
      if (remembered !== null) forget(remembered.url);
      return client.invalidateQueries({ queryKey: ["uploads"] });
    },
  });
  const check = async (file: File | undefined): Promise<void> => {
    if (file === undefined || remembered === null) return;
    const same = isSame(remembered, file, await fingerprintFile(file));
    setOther(!same);
    if (same) uploadQueue.add([file]);
  };
  return (
    <li className="upload-row">
      <CalmNote icon={IconPlayerPause} title={status.name}>
        <p className="small nums">
          {say.received(formatBytes(status.received), formatBytes(status.length))}
          {status.expiresAt === null ? "" : ` · ${say.keptUntil(moments.full(status.expiresAt))}`}
        </p>
        <ProgressBar done={status.received} total={status.length} label={status.name} tone="quiet" />
        <p className="small">
          {other ? (
            <span className="upload-other" role="alert">
              {say.otherFile}
            </span>
          ) : remembered === null ? (
            say.otherBrowser
          ) : (
            say.sameFile
          )}
        </p>
        <div className="calm-actions">
          {remembered === null ? null : (
            <>
              <input
                ref={field}
                type="file"
                className="sr-only"
                tabIndex={-1}
                aria-label={say.chooseSame}
                onChange={(event) => {
                  void check(event.currentTarget.files?.[0]);
                  event.currentTarget.value = "";
                }}
              />
              <Button size="compact-sm" onClick={() => field.current?.click()}>
                {say.chooseSame}
              </Button>
            </>
          )}
          <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {say.giveUp}
          </Button>
        </div>
      </CalmNote>
    </li>
  );
}
