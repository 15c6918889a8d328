import { PasswordInput, TextInput } from "@mantine/core";
import { roles } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { Panel, Rows } from "./panel.tsx";
import { People } from "./shapes.ts";

const say = words.people.admin;

export const peopleQuery = {
  queryKey: ["people"],
  queryFn: ({ signal }: { signal: AbortSignal }) => sworn.http.json(People, "GET", "/api/v1/people", { signal }),
};

export function PeoplePanel(): ReactElement {
  const moments = useMoments();
  const query = useQuery(peopleQuery);
  const items = query.data?.items ?? [];
  const add = async (form: FormData): Promise<void> => {
    const json = {
      name: textOf(form, "name"),
      email: textOf(form, "email"),
      password: textOf(form, "password"),
      roles: form.getAll("roles"),
    };
    await sworn.http.call("POST", sworn.http.url("/api/v1/people"), { json });
    await queries.invalidateQueries({ queryKey: ["people"] });
  };
  return (
    <Panel title={say.people}>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {query.isSuccess && items.length === 0 ? <p className="quiet">{say.noPeople}</p> : null}
      {items.length === 0 ? null : (
        <Rows
          label={say.people}
          columns={[say.name, words.people.email, say.roles, say.added]}
          rows={items.map((person) => [
            person.id,
            [
              person.name,
              person.email,
              person.roles.map((role) => say.roleNames[role]).join(", "),
              moments.day(person.createdAt),
            ],
          ])}
        />
      )}
      <AddForm title={say.addPerson} onAdd={add}>
        <TextInput name="name" label={say.name} required maxLength={200} autoComplete="off" />
        <TextInput name="email" type="email" label={words.people.email} required maxLength={254} autoComplete="off" />
        <PasswordInput
          name="password"
          label={say.firstPassword}
          required
          minLength={12}
          maxLength={256}
          autoComplete="new-password"
        />
        <fieldset>
          <legend>{say.roles}</legend>
          {roles
            .filter((role) => role !== "device")
            .map((role) => (
              <label key={role}>
                <input type="checkbox" name="roles" value={role} defaultChecked={role === "officer"} />{" "}
                {say.roleNames[role]}
              </label>
            ))}
        </fieldset>
      </AddForm>
    </Panel>
  );
}
