import { PasswordInput, TextInput } from "@mantine/core";
import { type ChangePerson, type Person, PersonRole, type Unit } from "@sworn/contract";
import type { ReactElement } from "react";
import { useMe } from "../../app/me.ts";
import { refreshOrganisation } from "../../app/organisation-queries.ts";
import { sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";
import { inTreeOrder } from "./unit-tree.ts";

const say = words.admin.people;

export interface PersonStep {
  readonly kind: "roles" | "badge" | "password" | "disable" | "enable" | "unlock" | "reset";
  readonly person: Person;
}

/** What can be changed of a person, one question at a time; whatever it is, their sessions end. */
export function PersonDialogs(props: {
  step: PersonStep | null;
  units: readonly Unit[];
  onClose: () => void;
}): ReactElement {
  const { step, units, onClose } = props;
  const me = useMe();
  const person = step?.person;
  const name = person?.name ?? "";
  const send = async (change: ChangePerson): Promise<void> => {
    if (person === undefined) return;
    await sworn.people.change(person.id, change);
    await refreshOrganisation();
  };
  const ends = person?.id === me.person?.id ? words.admin.endsYours : words.admin.endsSessions;
  const open = units.filter((unit) => unit.archivedAt === null || unit.id === person?.unitId);
  return (
    <>
      <FormDialog
        open={step?.kind === "roles"}
        onClose={onClose}
        title={say.rolesAndUnitTitle(name)}
        lead={ends}
        submit={words.admin.save}
        onSubmit={async (form) => {
          const roles = PersonRole.array().parse(form.getAll("roles"));
          if (roles.length === 0) throw new Error(say.noRole);
          const unitId = textOf(form, "unit");
          await send({ roles, unitId: unitId === "" ? null : unitId });
        }}
      >
        {() => (
          <>
            <RoleBoxes chosen={person?.roles ?? []} />
            <SelectField
              name="unit"
              label={say.unit}
              hint={say.unitHint}
              defaultValue={person?.unitId ?? ""}
              choices={[{ value: "", name: say.noUnit }, ...inTreeOrder(open).map(toChoice)]}
            />
          </>
        )}
      </FormDialog>
      <FormDialog
        open={step?.kind === "badge"}
        onClose={onClose}
        title={say.badgeTitle(name)}
        lead={ends}
        submit={words.admin.save}
        onSubmit={(form) => send({ badge: textOf(form, "badge").trim() || null })}
      >
        {(nameProblem) => (
          <TextInput
            name="badge"
            label={say.badge}
            description={say.badgeHint}
            defaultValue={person?.badge ?? ""}
            maxLength={40}
            autoComplete="off"
            error={nameProblem}
          />
        )}
      </FormDialog>
      <FormDialog
        open={step?.kind === "password"}
        onClose={onClose}
        title={say.passwordTitle(name)}
        lead={`${say.passwordLead} ${ends}`}
        submit={words.admin.save}
        onSubmit={(form) => send({ password: textOf(form, "password") })}
      >
        {() => (
          <PasswordInput
            name="password"
            label={say.passwordField}
            description={say.passwordHint}
            required
            minLength={12}
            maxLength={256}
            autoComplete="new-password"
          />
        )}
      </FormDialog>
      <FormDialog
        open={step?.kind === "disable"}
        onClose={onClose}
        title={say.disableTitle(name)}
        lead={say.disableLead}
        submit={say.disableSubmit}
        onSubmit={() => send({ disabled: true })}
      />
      <FormDialog
        open={step?.kind === "enable"}
        onClose={onClose}
        title={say.enableTitle(name)}
        lead={say.enableLead}
        submit={say.enableSubmit}
        onSubmit={() => send({ disabled: false })}
      />
      <FormDialog
        open={step?.kind === "unlock"}
        onClose={onClose}
        title={say.unlockTitle(name)}
        lead={say.unlockLead}
        submit={say.unlockSubmit}
        onSubmit={async () => {
          if (person !== undefined) await sworn.signIn.unlockPerson(person.id);
          await refreshOrganisation();
        }}
      />
      <FormDialog
        open={step?.kind === "reset"}
        onClose={onClose}
        title={say.resetTitle(name)}
        lead={say.resetLead}
        submit={say.resetSubmit}
        onSubmit={async (form) => {
          if (person !== undefined) await sworn.signIn.resetFactors(person.id, textOf(form, "reason"));
          await refreshOrganisation();
        }}
      >
        {() => (
          <TextInput name="reason" label={say.resetReason} required minLength={3} maxLength={500} autoComplete="off" />
        )}
      </FormDialog>
    </>
  );
}

export function RoleBoxes(props: { chosen: readonly string[] }): ReactElement {
  return (
    <fieldset>
      <legend>{words.people.admin.roles}</legend>
      {PersonRole.options.map((role) => (
        <label key={role}>
          <input type="checkbox" name="roles" value={role} defaultChecked={props.chosen.includes(role)} />{" "}
          {words.people.admin.roleNames[role]}
        </label>
      ))}
    </fieldset>
  );
}

const toChoice = ({ unit, depth }: { unit: Unit; depth: number }): { value: string; name: string } => ({
  value: unit.id,
  // Lists of the browser show no other indentation than the text's own.
  name: `${"\u2003".repeat(depth)}${unit.name}`,
});
