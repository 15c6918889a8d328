import { Button, TextInput } from "@mantine/core";
import { roles } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { KeyOnce } from "./key-once.tsx";
import { Panel, Rows } from "./panel.tsx";
import { Keys, MadeKey } from "./shapes.ts";

const say = words.people.admin;

export function KeysPanel(): ReactElement {
  const moments = useMoments();
  const [token, setToken] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ["keys"],
    queryFn: ({ signal }) => sworn.http.json(Keys, "GET", "/api/v1/keys", { signal }),
  });
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ["keys"] });
  const revoke = useMutation({
    mutationFn: (id: string) => sworn.http.call("DELETE", sworn.http.url(`/api/v1/keys/${id}`)),
    onSuccess: refresh,
  });
  const add = async (form: FormData): Promise<void> => {
    const json = { name: textOf(form, "name"), role: textOf(form, "role") };
    setToken((await sworn.http.json(MadeKey, "POST", "/api/v1/keys", { json })).token);
    await refresh();
  };
  const items = query.data?.items ?? [];
  return (
    <Panel id="keys" title={say.keys}>
      {query.isError || revoke.isError ? (
        <p className="quiet" role="alert">
          {reasonOf(query.error ?? revoke.error)}
        </p>
      ) : null}
      {query.isSuccess && items.length === 0 ? <p className="quiet">{say.noKeys}</p> : null}
      {items.length === 0 ? null : (
        <Rows
          label={say.keys}
          acts
          columns={[say.name, say.role, say.added, say.revoke]}
          rows={items.map((key) => [
            key.id,
            [
              <>
                {key.name} <span className="mono small quiet">{key.prefix}…</span>
              </>,
              say.roleNames[key.role],
              moments.day(key.createdAt),
              key.revokedAt === null ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`${say.revoke} ${key.name}`}
                  loading={revoke.isPending && revoke.variables === key.id}
                  onClick={() => revoke.mutate(key.id)}
                >
                  {say.revoke}
                </Button>
              ) : (
                <span className="quiet">{say.revoked}</span>
              ),
            ],
          ])}
        />
      )}
      {token === null ? null : <KeyOnce token={token} />}
      <AddForm title={say.addKey} onAdd={add}>
        <TextInput name="name" label={say.name} required maxLength={100} autoComplete="off" />
        <label className="field">
          <span className="field-name">{say.role}</span>
          <select name="role" className="field-select">
            {roles
              .filter((role) => role !== "device")
              .map((role) => (
                <option key={role} value={role}>
                  {say.roleNames[role]}
                </option>
              ))}
          </select>
        </label>
      </AddForm>
    </Panel>
  );
}
