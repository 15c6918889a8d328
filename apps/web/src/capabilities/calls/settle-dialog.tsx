import type { ReactElement } from "react";
import { sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { refreshCalls } from "./calls-query.ts";

const say = words.calls;

/** Says, with a reason, that no footage is expected: of one badge of a call, or of whoever has none. */
export function SettleDialog(props: {
  open: boolean;
  ids: readonly string[];
  badge?: string;
  title: string;
  onClose: () => void;
  onDone: (done: Done) => void;
}): ReactElement {
  const { ids, badge } = props;
  return (
    <FormDialog
      open={props.open}
      onClose={props.onClose}
      title={props.title}
      lead={say.settleLead}
      submit={say.settleSubmit}
      onSubmit={async (form) => {
        const { changed } = await sworn.calls.settle(ids, textOf(form, "reason"), badge);
        props.onDone(
          changed.length === 0
            ? { text: say.settleNone }
            : {
                text: say.settledDone(changed.length),
                undo: async () => {
                  for (const call of changed)
                    for (const one of call.badges) await sworn.calls.unsettle([call.callId], one);
                  await refreshCalls();
                  return say.undone;
                },
              },
        );
        await refreshCalls();
      }}
    >
      {() => (
        <label className="field">
          <span className="field-name">{say.settleReason}</span>
          <input name="reason" className="field-select field-wide" required maxLength={500} autoComplete="off" />
        </label>
      )}
    </FormDialog>
  );
}
