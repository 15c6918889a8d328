import type { Call, CallItem } from "@sworn/contract";
import { useId, type ReactElement } from "react";
import { sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { refreshCalls } from "./calls-query.ts";

const say = words.calls;

/** Says that an item shows another call: one that it was also in the time of, or any by its number. */
export function MoveDialog(props: {
  call: Call;
  item: CallItem | null;
  onClose: () => void;
  onDone: (done: Done) => void;
}): ReactElement {
  const { call, item } = props;
  const listId = useId();
  const near = item?.otherCalls ?? [];
  return (
    <FormDialog
      open={item !== null}
      onClose={props.onClose}
      title={say.moveTitle}
      lead={say.moveLead}
      submit={say.moveSubmit}
      onSubmit={async (form) => {
        if (item === null) return;
        const number = textOf(form, "number").trim();
        const to = near.find((one) => one.number === number)?.id ?? (await find(number));
        if (to === undefined) throw new Error(say.moveNothing);
        await sworn.calls.move(call.id, to, [item.id]);
        props.onDone({
          text: say.movedOne(item.title, number),
          undo: async () => {
            await sworn.calls.undecide(to, [item.id]);
            if (item.state === "accepted") await sworn.calls.accept(call.id, [item.id]);
            else await sworn.calls.undecide(call.id, [item.id]);
            await refreshCalls();
            return say.undone;
          },
        });
        await refreshCalls();
      }}
    >
      {() => (
        <label className="field">
          <span className="field-name">{say.moveTo}</span>
          <input
            name="number"
            list={listId}
            className="field-select field-wide"
            placeholder={say.moveNear}
            defaultValue={near.length === 1 ? near[0]?.number : ""}
            required
            maxLength={60}
            autoComplete="off"
          />
          <datalist id={listId}>
            {near.map((one) => (
              <option key={one.id} value={one.number} />
            ))}
          </datalist>
        </label>
      )}
    </FormDialog>
  );
}

async function find(number: string): Promise<string | undefined> {
  const { items } = await sworn.calls.list({ q: number, limit: 100 });
  return items.find((call) => call.number === number)?.id;
}
