import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { KeyOnce } from "./key-once.tsx";
import { Panel, Rows } from "./panel.tsx";
import { peopleQuery } from "./people-panel.tsx";
import { Devices, MadeKey } from "./shapes.ts";

const say = words.people.admin;

export function DevicesPanel(): ReactElement {
  const moments = useMoments();
  const may = useMay();
  const [token, setToken] = useState<string | null>(null);
  const people = useQuery({ ...peopleQuery, enabled: may("person.manage") });
  const query = useQuery({
    queryKey: ["devices"],
    queryFn: ({ signal }) => sworn.http.json(Devices, "GET", "/api/v1/devices", { signal }),
  });
  const items = query.data?.items ?? [];
  const add = async (form: FormData): Promise<void> => {
    const model = textOf(form, "model");
    const personId = textOf(form, "personId");
    const json = {
      name: textOf(form, "name"),
      ...(model === "" ? {} : { model }),
      ...(personId === "" ? {} : { personId }),
    };
    const made = await sworn.http.json(MadeKey, "POST", "/api/v1/devices", { json });
    setToken(made.token);
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["devices"] }),
      queries.invalidateQueries({ queryKey: ["keys"] }),
    ]);
  };
  return (
    <Panel title={say.devices}>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {query.isSuccess && items.length === 0 ? <p className="quiet column">{say.noDevices}</p> : null}
      {items.length === 0 ? null : (
        <Rows
          label={say.devices}
          columns={[say.name, say.model, say.added]}
          rows={items.map((device) => [
            device.id,
            [device.name, device.model ?? "", device.revokedAt === null ? moments.day(device.createdAt) : say.revoked],
          ])}
        />
      )}
      {token === null ? null : <KeyOnce token={token} />}
      <AddForm title={say.addDevice} onAdd={add}>
        <TextInput name="name" label={say.name} required maxLength={100} autoComplete="off" />
        <TextInput name="model" label={say.model} maxLength={100} autoComplete="off" />
        {people.data === undefined ? null : (
          <label className="field">
            <span className="field-name">{say.wornBy}</span>
            <select name="personId" className="field-select" defaultValue="">
              <option value="">{say.nobody}</option>
              {people.data.items.map((person) => (
                <option key={person.id} value={person.id}>
                  {person.name}
                </option>
              ))}
            </select>
          </label>
        )}
      </AddForm>
    </Panel>
  );
}
