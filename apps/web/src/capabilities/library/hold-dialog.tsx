import { Button } from "@mantine/core";
import type { Evidence } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMe } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { formatDay } from "../../ui/format/day.ts";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { dayIn, monthsAfter } from "./filter.ts";

const say = words.library.hold;
/** Long enough for most proceedings to have moved on, short enough that nobody forgets why. */
const monthsToReview = 6;

/** A hold of its own on each item: why, who looks after it, and when it is looked at again. */
export function HoldDialog(props: {
  open: boolean;
  items: readonly Evidence[];
  onClose: () => void;
  onDone: (done: Done) => void;
}): ReactElement {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={say.title(props.items.length)}>
      <Place items={props.items} onClose={props.onClose} onDone={props.onDone} />
    </Dialog>
  );
}

function Place(props: { items: readonly Evidence[]; onClose: () => void; onDone: (done: Done) => void }): ReactElement {
  const [items] = useState(props.items);
  const { person, agency } = useMe();
  const today = dayIn(agency.timeZone);
  const place = useMutation({
    mutationFn: async (form: FormData) => {
      const reviewOn = textOf(form, "reviewOn");
      const { placed, missing } = await sworn.retention.placeHolds({
        evidenceIds: items.map(({ id }) => id),
        reason: textOf(form, "reason").trim(),
        ownerId: textOf(form, "owner"),
        reviewOn,
      });
      return { placed, missing, reviewOn };
    },
    onSuccess: ({ placed, missing, reviewOn }) => {
      const holdIds = placed.map(({ holdId }) => holdId);
      const text = say.done(placed.length, formatDay(reviewOn));
      props.onDone({
        text: missing.length === 0 ? text : `${text} ${say.missing(missing.length)}`,
        ...(holdIds.length === 0 ? {} : { undo: () => release(holdIds) }),
      });
    },
  });
  return (
    <form
      className="bulk-form"
      onSubmit={(event) => {
        event.preventDefault();
        place.mutate(new FormData(event.currentTarget));
      }}
    >
      <p className="soft">{say.why}</p>
      <label className="field">
        <span className="field-name">{say.reason}</span>
        <span className="small quiet">{say.reasonHint}</span>
        <textarea name="reason" className="field-text" required maxLength={1000} rows={3} />
      </label>
      <div className="bulk-form-pair">
        <Owner id={person?.id ?? ""} name={person?.name ?? ""} />
        <label className="field">
          <span className="field-name">{say.reviewOn}</span>
          <input
            type="date"
            name="reviewOn"
            className="field-select"
            required
            min={today}
            defaultValue={monthsAfter(today, monthsToReview)}
          />
        </label>
      </div>
      {place.isError ? (
        <p role="alert" className="facet-problem">
          {reasonOf(place.error)}
        </p>
      ) : null}
      <div className="bulk-form-end">
        <Button variant="default" onClick={props.onClose}>
          {words.frame.cancel}
        </Button>
        <Button type="submit" loading={place.isPending}>
          {say.apply(items.length)}
        </Button>
      </div>
    </form>
  );
}

/** Whoever may read the people chooses one of them; for anybody else it is themselves. */
function Owner(props: { id: string; name: string }): ReactElement {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["people", "owners"],
    queryFn: ({ signal }) => sworn.people.list(signal),
    enabled: may("person.manage"),
  });
  const others = (data ?? []).filter(({ id, disabledAt }) => disabledAt === null && id !== props.id);
  return (
    <label className="field">
      <span className="field-name">{say.owner}</span>
      <select name="owner" className="field-select" defaultValue={props.id}>
        <option value={props.id}>{say.me(props.name)}</option>
        {others.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <span className="small quiet">{say.ownerHint}</span>
    </label>
  );
}

async function release(holdIds: string[]): Promise<string> {
  const { released } = await sworn.retention.releaseHolds({ holdIds, reason: say.undoReason });
  return say.undone(released.length);
}
