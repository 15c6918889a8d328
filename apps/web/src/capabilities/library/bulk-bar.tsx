import { Button } from "@mantine/core";
import { IconCheck, IconFlag, IconShare, IconTags, IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { reasonOf } from "../../app/server.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import { words } from "../../words/index.ts";
import { ShareDialog } from "../sharing/index.ts";
import { mostAtOnce, refreshItems } from "./bulk-changes.ts";
import { CategoriseDialog } from "./categorise-dialog.tsx";
import { HoldDialog } from "./hold-dialog.tsx";
import type { Selection } from "./use-selection.ts";
import "./bulk-bar.css";

const say = words.library;

/** What was done, and how to take it back: `undo` resolves to what to say then. */
export interface Done {
  readonly text: string;
  readonly undo?: () => Promise<string>;
}

/** What can be done with the selected items, at the bottom of the screen; and afterwards what was done. */
export function BulkBar(props: { selection: Selection }): ReactElement | null {
  const { selection } = props;
  const may = useMay();
  const [doing, setDoing] = useState<"categorise" | "hold" | "share" | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const count = selection.items.length;
  const length = selection.items.reduce((sum, item) => sum + (item.media.facts?.durationMs ?? 0), 0);
  const tooMany = count > mostAtOnce;
  const finish = (what: Done): void => {
    setDone(what);
    setDoing(null);
    selection.clear();
    // The bar goes, and with it the button that had the focus.
    document.getElementById("content")?.focus({ preventScroll: true });
    void refreshItems();
  };
  return (
    <>
      <div className="bulk-dock">
        <div role="status">{done === null ? null : <Notice key={done.text} done={done} onDone={setDone} />}</div>
        {count === 0 ? null : (
          <section className="bulk" aria-label={say.select.bar}>
            <p className="bulk-count nums" role="status">
              <b>{say.select.selected(count)}</b>
              {length === 0 ? null : (
                <span className="soft bulk-length"> · {say.select.length(formatDuration(length))}</span>
              )}
            </p>
            {tooMany ? <p className="small soft">{say.select.tooMany(mostAtOnce)}</p> : null}
            <div className="bulk-actions">
              {may("evidence.classify") ? (
                <Button
                  size="compact-md"
                  leftSection={<IconTags size={16} aria-hidden="true" />}
                  disabled={tooMany}
                  onClick={() => setDoing("categorise")}
                >
                  {say.select.categorise}
                </Button>
              ) : null}
              {may("hold.manage") ? (
                <Button
                  size="compact-md"
                  variant="default"
                  leftSection={<IconFlag size={16} aria-hidden="true" />}
                  disabled={tooMany}
                  onClick={() => setDoing("hold")}
                >
                  {say.select.hold}
                </Button>
              ) : null}
              {may("share.make") ? (
                <Button
                  size="compact-md"
                  variant="default"
                  leftSection={<IconShare size={16} aria-hidden="true" />}
                  disabled={tooMany}
                  onClick={() => setDoing("share")}
                >
                  {words.sharing.share}
                </Button>
              ) : null}
              <button type="button" className="bulk-close" aria-label={say.select.clear} onClick={selection.clear}>
                <IconX size={18} aria-hidden="true" />
              </button>
            </div>
          </section>
        )}
      </div>
      <CategoriseDialog
        open={doing === "categorise"}
        items={selection.items}
        onClose={() => setDoing(null)}
        onDone={finish}
      />
      <HoldDialog open={doing === "hold"} items={selection.items} onClose={() => setDoing(null)} onDone={finish} />
      <ShareDialog open={doing === "share"} items={selection.items} onClose={() => setDoing(null)} onDone={finish} />
    </>
  );
}

/** Stays until it is closed or the next thing is done: nobody should have to hurry to undo. */
function Notice(props: { done: Done; onDone: (done: Done | null) => void }): ReactElement {
  const { done, onDone } = props;
  const undo = useMutation({
    mutationFn: async () => await done.undo?.(),
    onSuccess: async (text) => {
      onDone(text === undefined ? null : { text });
      await refreshItems();
    },
  });
  return (
    <div className="bulk-notice">
      <IconCheck size={18} className="mark-accent" aria-hidden="true" />
      <p>{undo.isError ? say.undoFailed(reasonOf(undo.error)) : done.text}</p>
      {done.undo === undefined || undo.isError ? null : (
        <Button size="compact-sm" variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
          {say.undo}
        </Button>
      )}
      <button type="button" className="bulk-close" aria-label={say.dismiss} onClick={() => onDone(null)}>
        <IconX size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
