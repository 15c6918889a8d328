import { Button, Textarea } from "@mantine/core";
import type { Evidence, RetentionAnswer } from "@sworn/contract";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMe } from "../../../app/me.ts";
import { classesQuery } from "../../../app/organisation-queries.ts";
import { sworn } from "../../../app/server.ts";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { textOf } from "../../../ui/form-field.ts";
import { SelectField } from "../../../ui/select-field.tsx";
import { StateMark } from "../../../ui/state-mark.tsx";
import { words } from "../../../words/index.ts";
import { refreshItem } from "./keeping-query.ts";

const say = words.evidence.keeping;

export function Restricted(props: { restricted: NonNullable<RetentionAnswer["restricted"]> }): ReactElement {
  const { name, contact } = props.restricted;
  return (
    <div className="keeping-restricted">
      <p>
        <StateMark tone="restricted" icon={IconLock}>
          {say.restricted(name)}
        </StateMark>
      </p>
      <p className="small soft">
        {say.membersOnly} {contact === "" ? say.noContact : say.contact(contact)}
      </p>
    </div>
  );
}

const NONE = "none";

/** Gives the item to a class or takes it back; says beforehand to whoever gives it away that they will not see it. */
export function RestrictButton(props: { evidence: Evidence }): ReactElement {
  const { id, restricted } = props.evidence;
  const me = useMe();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const query = useQuery({ ...classesQuery, enabled: open });
  const classes = (query.data ?? []).filter((each) => each.archivedAt === null && each.id !== restricted?.id);
  const choices = [
    ...(restricted === null ? [] : [{ value: NONE, name: say.liftChoice }]),
    ...classes.map(({ id: value, name }) => ({ value, name })),
  ];
  const choice = choices.find(({ value }) => value === chosen) ?? choices[0];
  const target = classes.find((each) => each.id === choice?.value);
  const member = target?.members.some((each) => each.id === me.person?.id) ?? true;
  const hint =
    target === undefined ? (choice === undefined ? null : say.liftHint) : member ? say.memberHint : say.notMemberHint;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconLock size={14} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        {restricted === null ? say.restrict : say.restrictChange}
      </Button>
      <FormDialog
        open={open}
        onClose={() => setOpen(false)}
        title={say.restrictTitle}
        lead={choices.length > 0 ? say.restrictLead : query.isSuccess ? say.noClasses : words.frame.loading}
        nothing={choices.length === 0}
        submit={choice?.value === NONE ? say.liftSubmit : say.restrictSubmit}
        onSubmit={async (form) => {
          const classId = textOf(form, "class");
          const reason = textOf(form, "reason").trim();
          await sworn.retention.restrict({ ids: [id], classId: classId === NONE ? null : classId, reason });
          await refreshItem(id);
        }}
      >
        {() => (
          <>
            <SelectField name="class" label={say.classField} choices={choices} hint={hint} onChange={setChosen} />
            <Textarea name="reason" label={say.reason} required maxLength={1000} rows={3} />
          </>
        )}
      </FormDialog>
    </>
  );
}
