import { Button } from "@mantine/core";
import { IconAlertSquareRounded, IconFlag, IconShare, IconTags } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { CloseButton } from "../../ui/close-button.tsx";
import { formatDuration } from "../../ui/format/duration.ts";
import { UndoNotice, type Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { ShareDialog } from "../sharing/index.ts";
import { mostAtOnce, refreshItems } from "./bulk-changes.ts";
import { GiveIncidentDialog } from "../incidents/index.ts";
import { CategoriseDialog } from "./categorise-dialog.tsx";
import { HoldDialog } from "./hold-dialog.tsx";
import type { Selection } from "./use-selection.ts";
import "./bulk-bar.css";

const say = words.library;

/** What can be done with the selected items, at the bottom of the screen; and afterwards what was done. */
export function BulkBar(props: { selection: Selection }): ReactElement | null {
  const { selection } = props;
  const may = useMay();
  const [doing, setDoing] = useState<"categorise" | "incident" | "hold" | "share" | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const count = selection.items.length;
  const length = selection.items.reduce((sum, item) => sum + (item.media.facts?.durationMs ?? 0), 0);
  const tooMany = count > mostAtOnce;
  const finish = (what: Done): void => {
    const { undo } = what;
    const undoAll = async (): Promise<string | undefined> => {
      const text = await undo?.();
      await refreshItems();
      return text;
    };
    setDone(undo === undefined ? what : { text: what.text, undo: undoAll });
    setDoing(null);
    selection.clear();
    // The bar goes, and with it the button that had the focus.
    document.getElementById("content")?.focus({ preventScroll: true });
    void refreshItems();
  };
  return (
    <>
      <div className="bulk-dock">
        <div role="status">{done === null ? null : <UndoNotice key={done.text} done={done} onDone={setDone} />}</div>
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
              {may("incident.add") ? (
                <Button
                  size="compact-md"
                  variant="default"
                  leftSection={<IconAlertSquareRounded size={16} aria-hidden="true" />}
                  disabled={tooMany}
                  onClick={() => setDoing("incident")}
                >
                  {words.incidents.bulkButton}
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
              <CloseButton name={say.select.clear} onClick={selection.clear} />
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
      <GiveIncidentDialog
        open={doing === "incident"}
        items={selection.items}
        onClose={() => setDoing(null)}
        onDone={finish}
      />
      <HoldDialog open={doing === "hold"} items={selection.items} onClose={() => setDoing(null)} onDone={finish} />
      <ShareDialog open={doing === "share"} items={selection.items} onClose={() => setDoing(null)} onDone={finish} />
    </>
  );
}
