import { Textarea, TextInput } from "@mantine/core";
import { LentRole, lentRoles } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMe } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";
import { endOfDay } from "../sharing/end-of-day.ts";
import { refreshLent } from "./acting.ts";

const say = words.delegations;
const DAY_MS = 86_400_000;
const LONGEST_DAYS = 180;

/** Lends one's own reach: to whom, which roles, until which day, why. */
export function LendForm(props: { open: boolean; onClose: () => void }): ReactElement {
  const me = useMe();
  const zone = me.agency.timeZone;
  const choices = useQuery({
    queryKey: ["delegations", "choices"],
    queryFn: ({ signal }) => sworn.delegations.choices("", signal),
    enabled: props.open,
  });
  const mine = lentRoles.filter((role) => me.person?.roles.includes(role) === true);
  const dayOf = (days: number): string =>
    new Date(Date.now() + days * DAY_MS).toLocaleDateString("sv-SE", { timeZone: zone });
  const people = (choices.data ?? []).map(({ id, name }) => ({ value: id, name }));
  return (
    <FormDialog
      open={props.open}
      onClose={props.onClose}
      title={say.lend}
      lead={choices.isSuccess && people.length === 0 ? say.nobody : say.lendLead}
      nothing={choices.isSuccess && people.length === 0}
      submit={say.lend}
      onSubmit={async (form) => {
        const roles = LentRole.array().parse(form.getAll("roles"));
        if (roles.length === 0) throw new Error(say.noRole);
        await sworn.delegations.make({
          toId: textOf(form, "to"),
          roles,
          until: endOfDay(textOf(form, "until"), zone),
          reason: textOf(form, "reason"),
        });
        await refreshLent();
      }}
    >
      {() => (
        <>
          <SelectField name="to" label={say.to} choices={people} />
          <fieldset>
            <legend>{say.roles}</legend>
            {mine.map((role) => (
              <label key={role}>
                <input type="checkbox" name="roles" value={role} defaultChecked={mine.length === 1} />{" "}
                {words.people.admin.roleNames[role]}
              </label>
            ))}
          </fieldset>
          <TextInput
            name="until"
            type="date"
            label={say.until}
            description={say.untilHint}
            required
            min={dayOf(0)}
            max={dayOf(LONGEST_DAYS - 1)}
            defaultValue={dayOf(7)}
          />
          <Textarea name="reason" label={say.reason} required maxLength={1000} autosize minRows={2} />
        </>
      )}
    </FormDialog>
  );
}
