import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { refreshCalls } from "./calls-query.ts";
import { SettleDialog } from "./settle-dialog.tsx";

const say = words.calls;

/** What can be said of many calls at once, and taken back. */
export function CallsBar(props: {
  chosen: readonly string[];
  onAll: () => void;
  onClear: () => void;
  onDone: (done: Done) => void;
}): ReactElement {
  const { chosen, onDone } = props;
  const [settling, setSettling] = useState(false);
  const accept = useMutation({
    mutationFn: () => sworn.calls.acceptRight(chosen),
    onSuccess: async ({ changed }) => {
      const items = changed.reduce((sum, { evidenceIds }) => sum + evidenceIds.length, 0);
      onDone(
        changed.length === 0
          ? { text: say.acceptNone }
          : {
              text: say.acceptedDone(items, changed.length),
              undo: async () => {
                for (const { callId, evidenceIds } of changed) await sworn.calls.undecide(callId, evidenceIds);
                await refreshCalls();
                return say.undone;
              },
            },
      );
      props.onClear();
      await refreshCalls();
    },
    onError: (error) => onDone({ text: reasonOf(error) }),
  });
  const none = chosen.length === 0;
  return (
    <div className="calls-bar">
      <span className="nums soft" role="status">
        {none ? null : say.chosen(chosen.length)}
      </span>
      {none ? (
        <Button size="compact-sm" variant="default" onClick={props.onAll}>
          {say.chooseAll}
        </Button>
      ) : (
        <>
          <Button size="compact-sm" loading={accept.isPending} onClick={() => accept.mutate()}>
            {say.acceptRight}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setSettling(true)}>
            {say.settle}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={props.onClear}>
            {say.clear}
          </Button>
        </>
      )}
      <SettleDialog
        open={settling}
        ids={chosen}
        title={say.settleTitle(chosen.length)}
        onClose={() => setSettling(false)}
        onDone={(done) => {
          props.onClear();
          onDone(done);
        }}
      />
    </div>
  );
}
