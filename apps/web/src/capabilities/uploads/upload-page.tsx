import { Button } from "@mantine/core";
import { IconEyeOff, IconUpload } from "@tabler/icons-react";
import { useEffect, useRef, useState, type DragEvent, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { words } from "../../words/index.ts";
import { uploadQueue } from "./queue.ts";
import { UnfinishedUploads } from "./unfinished-uploads.tsx";
import { UploadRow } from "./upload-row.tsx";
import { useUploads } from "./use-uploads.ts";
import "./upload-page.css";

const say = words.uploads;

/** Who may not upload is told so, before a file is chosen. */
export function UploadPage(): ReactElement {
  if (useMay()("upload.create")) return <Uploads />;
  return (
    <div className="page upload">
      <h1>{say.title}</h1>
      <CalmNote icon={IconEyeOff} title={say.notYours}>
        {say.notYoursBody}
      </CalmNote>
    </div>
  );
}

/** Files in, each with its own progress until it is stored; the next step is always one press away. */
function Uploads(): ReactElement {
  const items = useUploads();
  const field = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  const take = (files: FileList | null): void => {
    if (files !== null && files.length > 0) uploadQueue.add([...files]);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div className="page upload">
      <h1>{say.title}</h1>
      <div
        className={`drop${over ? " drop-over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconUpload size={28} stroke={1.5} aria-hidden="true" />
        <p className="drop-lead">{say.lead}</p>
        <input
          ref={field}
          type="file"
          multiple
          accept="video/mp4,video/quicktime,.mp4,.mov,.m4v"
          className="sr-only"
          tabIndex={-1}
          aria-hidden="true" // the button beside it is the way in
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        <Button onClick={() => field.current?.click()}>{say.choose}</Button>
        <p className="small quiet">{say.formats}</p>
      </div>
      <UnfinishedUploads />
      {items.length === 0 ? null : (
        <ul className="uploads" aria-label={say.list}>
          {items.map((item) => (
            <UploadRow key={item.key} item={item} />
          ))}
        </ul>
      )}
      <p className="small quiet column">{say.promise}</p>
    </div>
  );
}
