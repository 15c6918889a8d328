import { Button, TextInput } from "@mantine/core";
import { MadeKey } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { peopleQuery } from "../../app/organisation-queries.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { KeyOnce } from "./key-once.tsx";
import { Panel, Rows } from "./panel.tsx";

const say = words.people.admin;

export function DevicesPanel(): ReactElement {
  const moments = useMoments();
  const may = useMay();
  const [revoking, setRevoking] = useState<{ id: string; name: string } | null>(null);
  const [token, setToken] = useState<string | null>(null);
  const people = useQuery({ ...peopleQuery, enabled: may("person.manage") });
  const query = useQuery({
    queryKey: ["devices"],
    queryFn: ({ signal }) => sworn.organisation.devices(signal),
  });
  const items = query.data ?? [];
  const refresh = async (): Promise<void> => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["devices"] }),
      queries.invalidateQueries({ queryKey: ["keys"] }),
    ]);
  };
  const add = async (form: FormData): Promise<void> => {
    const model = textOf(form, "model");
    const personId = textOf(form, "personId");
    const json = {
      name: textOf(form, "name"),
      ...(model === "" ? {} : { model }),
      ...(personId === "" ? {} : { personId }),
    };
    const made = await sworn.http.json(MadeKey, "POST", "/api/v1/devices", { json, idempotencyKey: null });
    setToken(made.token);
    await refresh();
  };
  return (
    <Panel id="devices" title={say.devices}>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {query.isSuccess && items.length === 0 ? <p className="quiet column">{say.noDevices}</p> : null}
      {items.length === 0 ? null : (
        <Rows
          label={say.devices}
          acts
          columns={[say.name, say.model, say.added, say.revoke]}
          rows={items.map((device) => [
            device.id,
            [
              device.name,
              device.model ?? "",
              moments.day(device.createdAt),
              device.revokedAt === null ? (
                <Button
                  key={device.id}
                  size="compact-xs"
                  variant="default"
                  aria-label={words.admin.cameras.revoke(device.name)}
                  onClick={() => setRevoking(device)}
                >
                  {words.admin.cameras.revokeShort}
                </Button>
              ) : (
                <span className="quiet">{say.revoked}</span>
              ),
            ],
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
              {people.data.map((person) => (
                <option key={person.id} value={person.id}>
                  {person.name}
                </option>
              ))}
            </select>
          </label>
        )}
      </AddForm>
      <FormDialog
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        title={words.admin.cameras.title(revoking?.name ?? "")}
        lead={words.admin.cameras.lead}
        submit={words.admin.cameras.submit}
        onSubmit={async () => {
          await sworn.organisation.revokeDevice(revoking?.id ?? "");
          await refresh();
        }}
      />
    </Panel>
  );
}
