import { TextInput } from "@mantine/core";
import type { CreateIncident, Incident } from "@sworn/contract";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { textOf } from "../../ui/form-field.ts";
import { fromLocal, toLocal } from "../../ui/format/local-time.ts";
import { words } from "../../words/index.ts";
import { outcomesOf, OutcomesField, PeopleField, peopleOf } from "./row-fields.tsx";
import "./matters.css";

const say = words.incidents;

/** What an incident says, as fields; `problem` is what is wrong with its number. */
export function IncidentFields(props: { incident?: Incident; problem: string | null }): ReactElement {
  const { incident } = props;
  const { zone } = useMoments();
  const local = (at: string | null | undefined): string => (at == null ? "" : toLocal(at, zone));
  return (
    <>
      <TextInput
        name="number"
        label={say.number}
        description={say.numberHint}
        error={props.problem}
        defaultValue={incident?.number ?? ""}
        required
        maxLength={60}
        autoComplete="off"
      />
      <TextInput
        name="kind"
        label={say.kind}
        description={say.kindHint}
        defaultValue={incident?.kind ?? ""}
        maxLength={100}
      />
      <TextInput name="place" label={say.place} defaultValue={incident?.place ?? ""} maxLength={300} />
      <div className="row-field-pair">
        <label className="field">
          <span className="field-name">{say.from}</span>
          <input type="datetime-local" name="from" className="field-select" defaultValue={local(incident?.from)} />
        </label>
        <label className="field">
          <span className="field-name">{say.to}</span>
          <input type="datetime-local" name="to" className="field-select" defaultValue={local(incident?.to)} />
        </label>
      </div>
      <p className="small quiet">{say.zone(zone)}</p>
      {incident === undefined ? null : (
        <>
          <PeopleField people={incident.people} />
          <OutcomesField outcomes={incident.outcomes} />
        </>
      )}
    </>
  );
}

/** `whole`: people and outcomes were asked for, too. */
export function incidentFrom(form: FormData, zone: string, whole: boolean): CreateIncident {
  return {
    number: textOf(form, "number"),
    kind: textOf(form, "kind"),
    place: textOf(form, "place"),
    from: fromLocal(textOf(form, "from"), zone),
    to: fromLocal(textOf(form, "to"), zone),
    ...(whole ? { people: peopleOf(form), outcomes: outcomesOf(form) } : {}),
  };
}
