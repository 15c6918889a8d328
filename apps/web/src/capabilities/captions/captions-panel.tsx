import { Button, FileButton } from "@mantine/core";
import type { Evidence } from "@sworn/contract";
import { IconBadgeCc } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";

const say = words.captions;
/** What the server takes; a larger file is not even read. */
const most = 512 * 1024;

/** Whether there are captions, and how to bring some. */
export function CaptionsPanel(props: { evidence: Evidence }): ReactElement | null {
  const { evidence } = props;
  const may = useMay();
  const client = useQueryClient();
  const [lines, setLines] = useState<number | null>(null);
  const add = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > most) throw new Error(say.tooLarge);
      setLines((await sworn.evidence.addCaptions(evidence.id, await file.text())).cues);
      await client.invalidateQueries({ queryKey: ["evidence", evidence.id] });
    },
  });
  const stored = evidence.state === "stored" || evidence.state === "incomplete";
  const mayAdd = may("derivative.create") && evidence.kind !== "photo" && stored && !evidence.locked;
  if (!mayAdd && evidence.captionsId === null) return null;
  return (
    <section className="keeping" aria-labelledby="captions-title">
      <h2 id="captions-title">{say.title}</h2>
      <p className="soft">{evidence.captionsId === null ? say.none : say.there}</p>
      {mayAdd ? (
        <div>
          <FileButton accept=".vtt,text/vtt" onChange={(file) => (file === null ? undefined : add.mutate(file))}>
            {(button) => (
              <Button
                {...button}
                size="compact-md"
                variant="default"
                loading={add.isPending}
                leftSection={<IconBadgeCc size={16} />}
              >
                {evidence.captionsId === null ? say.add : say.replace}
              </Button>
            )}
          </FileButton>
        </div>
      ) : null}
      {add.isError ? <p role="alert">{reasonOf(add.error)}</p> : null}
      {lines === null || add.isError ? null : <p role="status">{say.added(lines)}</p>}
    </section>
  );
}
