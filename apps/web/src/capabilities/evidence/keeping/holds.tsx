import { Button, Textarea, TextInput } from "@mantine/core";
import type { Evidence, Hold } from "@sworn/contract";
import { IconFlag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMe, useMoments } from "../../../app/me.ts";
import { peopleQuery } from "../../../app/organisation-queries.ts";
import { sworn } from "../../../app/server.ts";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { textOf } from "../../../ui/form-field.ts";
import { dayIn, formatDay } from "../../../ui/format/day.ts";
import { SelectField } from "../../../ui/select-field.tsx";
import { words } from "../../../words/index.ts";
import { refreshItem } from "./keeping-query.ts";

const say = words.evidence.keeping;

/** One hold that lasts: why, whose, when it is looked at again, and its end. */
export function HoldCard(props: { hold: Hold }): ReactElement {
  const { hold } = props;
  const may = useMay();
  const moments = useMoments();
  const zone = useMe().agency.timeZone;
  const [releasing, setReleasing] = useState(false);
  const due = hold.reviewOn < dayIn(zone);
  return (
    <article className="hold">
      <p className="hold-reason">{hold.reason}</p>
      <p className="small soft">
        {say.owner(hold.owner.name)} ·{" "}
        <span className={due ? "hold-due" : ""}>{say.review(formatDay(hold.reviewOn), due)}</span>
      </p>
      <p className="small quiet">{say.placed(hold.placedBy ?? say.somebody, moments.full(hold.placedAt))}</p>
      {may("hold.manage") ? (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={say.releaseOf(hold.reason)}
          onClick={() => setReleasing(true)}
        >
          {say.release}
        </Button>
      ) : null}
      <FormDialog
        open={releasing}
        onClose={() => setReleasing(false)}
        title={say.releaseTitle}
        lead={say.releaseLead}
        submit={say.releaseSubmit}
        onSubmit={async (form) => {
          await sworn.retention.releaseHolds({ holdIds: [hold.id], reason: textOf(form, "reason").trim() });
          await refreshItem(hold.evidenceId);
        }}
      >
        {() => <Textarea name="reason" label={say.reason} required maxLength={1000} rows={3} />}
      </FormDialog>
    </article>
  );
}

export function EndedHolds(props: { holds: readonly Hold[] }): ReactElement | null {
  const moments = useMoments();
  if (props.holds.length === 0) return null;
  return (
    <details className="holds-ended small">
      <summary>{say.endedHolds(props.holds.length)}</summary>
      {props.holds.map((hold) => (
        <div key={hold.id} className="hold-ended">
          <p className="soft">{hold.reason}</p>
          <p className="quiet">{say.placed(hold.placedBy ?? say.somebody, moments.full(hold.placedAt))}</p>
          <p className="quiet">
            {say.released(hold.releasedBy ?? say.somebody, moments.full(hold.releasedAt ?? hold.placedAt))}
          </p>
          {hold.releaseReason === null ? null : <p className="soft">{hold.releaseReason}</p>}
        </div>
      ))}
    </details>
  );
}

const REVIEW_DAYS = 90;

export function PlaceHold(props: { evidence: Evidence }): ReactElement {
  const { id } = props.evidence;
  const me = useMe();
  const mayList = useMay()("person.manage");
  const people = useQuery({ ...peopleQuery, enabled: mayList });
  const [open, setOpen] = useState(false);
  const zone = me.agency.timeZone;
  const own = me.person === null ? [] : [{ value: me.person.id, name: say.ownerMe(me.person.name) }];
  const others = (people.data ?? []).filter((each) => each.id !== me.person?.id && each.disabledAt === null);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconFlag size={14} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        {say.hold}
      </Button>
      <FormDialog
        open={open}
        onClose={() => setOpen(false)}
        title={say.holdTitle}
        lead={say.holdLead}
        submit={say.holdSubmit}
        onSubmit={async (form) => {
          await sworn.retention.placeHolds({
            evidenceIds: [id],
            reason: textOf(form, "reason").trim(),
            ownerId: textOf(form, "owner"),
            reviewOn: textOf(form, "review"),
          });
          await refreshItem(id);
        }}
      >
        {() => (
          <>
            <Textarea name="reason" label={say.reason} required maxLength={1000} rows={3} />
            <SelectField
              name="owner"
              label={say.ownerField}
              hint={mayList ? null : say.ownerOnlyMe}
              choices={[...own, ...others.map(({ id: value, name }) => ({ value, name }))]}
            />
            <TextInput
              name="review"
              type="date"
              label={say.reviewField}
              required
              min={dayIn(zone)}
              defaultValue={dayIn(zone, REVIEW_DAYS)}
            />
          </>
        )}
      </FormDialog>
    </>
  );
}
