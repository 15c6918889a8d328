import { Button, Textarea } from "@mantine/core";
import type { Delegation } from "@sworn/contract";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMe, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { actUnder, refreshLent } from "./acting.ts";
import { roleNames } from "./role-names.ts";
import "./delegations.css";

const say = words.delegations;

/** Who lent whom what until when, with what can be done about it. */
export function LentList(props: { items: readonly Delegation[] }): ReactElement {
  const me = useMe();
  const moments = useMoments();
  const [ending, setEnding] = useState<Delegation | null>(null);
  const act = useMutation({ mutationFn: actUnder });
  if (props.items.length === 0) return <p className="quiet">{say.none}</p>;
  return (
    <>
      <ul className="lent">
        {props.items.map((one) => (
          <li key={one.id} className="lent-one">
            <div>
              <div>{say.line(one.from.name, one.to.name, roleNames(one.roles))}</div>
              <div className="small soft">
                {say.span(moments.full(one.fromAt), moments.full(one.untilAt))}
                {one.unit === null ? "" : ` · ${say.unitOnly(one.unit.name)}`}
                {` · ${say.states[one.state]}`}
              </div>
              <div className="small soft">
                {one.reason}
                {one.endReason === null ? "" : ` · ${say.endedBy(one.endedBy ?? "", one.endReason)}`}
              </div>
            </div>
            <div className="lent-acts">
              {one.mayAct && me.acting === null ? (
                <Button
                  size="compact-sm"
                  loading={act.isPending && act.variables === one.id}
                  onClick={() => act.mutate(one.id)}
                >
                  {say.actFor(one.from.name)}
                </Button>
              ) : null}
              {one.mayEnd ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={say.endOf(one.from.name, one.to.name)}
                  onClick={() => setEnding(one)}
                >
                  {say.end}
                </Button>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      {act.isError ? (
        <p role="alert" className="account-problem">
          {reasonOf(act.error)}
        </p>
      ) : null}
      <FormDialog
        open={ending !== null}
        onClose={() => setEnding(null)}
        title={ending === null ? say.end : say.endOf(ending.from.name, ending.to.name)}
        lead={say.endLead}
        submit={say.end}
        onSubmit={async (form) => {
          if (ending !== null) await sworn.delegations.end(ending.id, textOf(form, "reason"));
          await refreshLent();
        }}
      >
        {() => <Textarea name="reason" label={say.reason} required maxLength={1000} autosize minRows={2} />}
      </FormDialog>
    </>
  );
}
