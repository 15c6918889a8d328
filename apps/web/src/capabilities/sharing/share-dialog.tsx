import { Button } from "@mantine/core";
import type { Evidence, Recipient } from "@sworn/contract";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMe, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { dayIn } from "../../ui/format/day.ts";
import { words } from "../../words/index.ts";
import { endOfDay } from "./end-of-day.ts";
import { SharePreview } from "./share-preview.tsx";
import { recipientsQuery, refreshShares } from "./sharing-query.ts";
import "./sharing.css";

const say = words.sharing;
const DAYS = 30;

export interface Shared {
  readonly text: string;
  readonly undo?: () => Promise<string>;
}

interface Props {
  readonly items: readonly Pick<Evidence, "id">[];
  /** They are what a case gathers: those who get them see its number and title above them. */
  readonly caseId?: string;
  readonly onClose: () => void;
  readonly onDone: (done: Shared) => void;
}

/** Who gets it, what they may do with it, until when and why; what would happen is said before it does. */
export function ShareDialog(props: Props & { open: boolean }): ReactElement {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={say.title(props.items.length)}>
      <ShareForm {...props} />
    </Dialog>
  );
}

function ShareForm(props: Props): ReactElement {
  // The list behind may change while the dialog is open; what was chosen is shared.
  const [ids] = useState(() => props.items.map(({ id }) => id));
  const zone = useMe().agency.timeZone;
  const moments = useMoments();
  const recipients = useQuery(recipientsQuery);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [mayDownload, setMayDownload] = useState(false);
  const [until, setUntil] = useState(dayIn(zone, DAYS));
  const [includeRestricted, setIncludeRestricted] = useState(false);
  const ready = chosen.length > 0 && until !== "";
  const asked = {
    evidenceIds: ids,
    ...(props.caseId === undefined ? {} : { caseId: props.caseId }),
    personIds: [...chosen],
    mayDownload,
    expiresAt: ready ? endOfDay(until, zone) : "",
    includeRestricted,
  };
  const preview = useQuery({
    queryKey: ["shares", "preview", asked],
    queryFn: ({ signal }) => sworn.sharing.make({ ...asked, reason: "Preview", dryRun: true }, signal),
    enabled: ready,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const make = useMutation({
    mutationFn: (form: FormData) =>
      sworn.sharing.make({
        ...asked,
        reason: textOf(form, "reason").trim(),
        message: textOf(form, "message").trim(),
      }),
    onSuccess: async ({ shareId, shared, people }) => {
      await refreshShares(ids);
      const text = say.done(shared.length, people.length, moments.day(asked.expiresAt));
      props.onDone(shareId === null ? { text: say.wouldNothing } : { text, undo: () => takeBack(shareId, ids) });
    },
  });
  if (recipients.data?.length === 0)
    return (
      <div className="share-form">
        <p className="soft">{say.nobody}</p>
        <div className="share-form-end">
          <Button onClick={props.onClose}>{words.frame.close}</Button>
        </div>
      </div>
    );
  const count = preview.data?.shared.length ?? 0;
  return (
    <form
      className="share-form"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate(new FormData(event.currentTarget));
      }}
    >
      <p className="soft">{say.lead}</p>
      {props.caseId === undefined ? null : <p className="soft">{say.caseLead}</p>}
      {recipients.isError ? (
        <p role="alert" className="share-problem">
          {reasonOf(recipients.error)}
        </p>
      ) : (
        <People people={recipients.data ?? []} chosen={chosen} onChange={setChosen} />
      )}
      <fieldset className="share-may">
        <legend className="field-name">{say.may}</legend>
        {([false, true] as const).map((keep) => (
          <label key={String(keep)} className="share-choice">
            <input type="radio" name="may" checked={mayDownload === keep} onChange={() => setMayDownload(keep)} />
            <span>
              {keep ? say.keep : say.look}
              <span className="small soft">{keep ? say.keepHint : say.lookHint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span className="field-name">{say.until}</span>
        <input
          type="date"
          className="field-select"
          required
          min={dayIn(zone)}
          max={dayIn(zone, 5 * 365)}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </label>
      <label className="field">
        <span className="field-name">{say.reason}</span>
        <span className="small soft">{say.reasonHint}</span>
        <textarea name="reason" className="field-text" required maxLength={1000} rows={2} />
      </label>
      <label className="field">
        <span className="field-name">{say.message}</span>
        <span className="small soft">{say.messageHint}</span>
        <textarea name="message" className="field-text" maxLength={2000} rows={2} />
      </label>
      <SharePreview
        answer={ready ? preview.data : undefined}
        asking={ready && preview.isFetching}
        error={ready ? preview.error : null}
        keep={mayDownload}
        until={ready ? moments.day(asked.expiresAt) : ""}
        includeRestricted={includeRestricted}
        onIncludeRestricted={setIncludeRestricted}
      />
      {make.isError ? (
        <p role="alert" className="share-problem">
          {reasonOf(make.error)}
        </p>
      ) : null}
      <div className="share-form-end">
        <Button variant="default" onClick={props.onClose}>
          {words.frame.cancel}
        </Button>
        <Button type="submit" loading={make.isPending} disabled={!ready || count === 0}>
          {say.apply(count)}
        </Button>
      </div>
    </form>
  );
}

function People(props: {
  people: readonly Recipient[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}): ReactElement {
  const { people, chosen, onChange } = props;
  return (
    <fieldset className="share-people">
      <legend className="field-name">{say.with}</legend>
      <div className="share-people-list">
        {people.map(({ id, name, email, role }) => (
          <label key={id} className="share-choice">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) =>
                onChange(event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
            />
            <span>
              {name}
              <span className="small soft">
                {say.roles[role]} · {email}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

async function takeBack(share: string, ids: readonly string[]): Promise<string> {
  await sworn.sharing.revoke(share, say.undoReason);
  await refreshShares(ids);
  return say.undone;
}
