import { TextInput } from "@mantine/core";
import { type CreateKey, KeyScope, mayStandFor, Role, roles, scopesFor } from "@sworn/contract";
import { useState, type ReactElement } from "react";
import { useMe } from "../../app/me.ts";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";

const say = words.people.admin;
const more = words.admin.keys;

/** Name, role, scopes and end of a new key; only what its maker may do is offered. */
export function KeyFields(): ReactElement {
  const held = useMe().person?.roles ?? [];
  const offered = roles.filter((role) => role !== "device" && mayStandFor(held, role) && scopesFor(role).length > 0);
  const [role, setRole] = useState<Role>(offered[0] ?? "officer");
  return (
    <>
      <TextInput name="name" label={say.name} required maxLength={100} autoComplete="off" />
      <SelectField
        name="role"
        label={say.role}
        choices={offered.map((each) => ({ value: each, name: say.roleNames[each] }))}
        onChange={(value) => setRole(Role.parse(value))}
      />
      <fieldset>
        <legend>{more.scopesField}</legend>
        {scopesFor(role).map((scope) => (
          <label key={`${role} ${scope}`}>
            <input type="checkbox" name="scopes" value={scope} defaultChecked /> {more.scopes[scope]}
          </label>
        ))}
      </fieldset>
      <SelectField
        name="days"
        label={more.ends}
        defaultValue="365"
        choices={[30, 90, 365, 730]
          .map((days) => ({ value: String(days), name: more.days(days) }))
          .concat({
            value: "",
            name: more.noEnd,
          })}
      />
    </>
  );
}

export function keyOf(form: FormData): CreateKey {
  const role = Role.parse(textOf(form, "role"));
  const scopes = KeyScope.array().parse(form.getAll("scopes"));
  if (scopes.length === 0) throw new Error(more.noScope);
  const days = textOf(form, "days");
  return {
    name: textOf(form, "name"),
    role,
    scopes,
    ...(days === "" ? {} : { expiresInDays: Number(days) }),
  };
}
