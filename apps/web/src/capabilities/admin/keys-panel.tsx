import { Button } from "@mantine/core";
import type { ApiKey } from "@sworn/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconClockExclamation } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { KeyFields, keyOf } from "./key-fields.tsx";
import { KeyOnce } from "./key-once.tsx";
import { Panel, Rows } from "./panel.tsx";

const say = words.people.admin;
const more = words.admin.keys;

/** Whoever runs a program should hear of it while there is time. */
const WARN_MS = 14 * 24 * 3600 * 1000;

export function KeysPanel(): ReactElement {
  const moments = useMoments();
  const [token, setToken] = useState<string | null>(null);
  const [ending, setEnding] = useState<ApiKey | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["keys"],
    queryFn: ({ pageParam, signal }) => sworn.keys.list(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ["keys"] });
  const add = async (form: FormData): Promise<void> => {
    setToken((await sworn.keys.create(keyOf(form))).token);
    await refresh();
  };
  const revoke = async (): Promise<void> => {
    if (ending === null) return;
    await sworn.keys.revoke(ending.id);
    await refresh();
  };
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel id="keys" title={say.keys}>
      <p className="quiet small">{more.why}</p>
      {query.isError ? (
        <p className="quiet" role="alert">
          {reasonOf(query.error)}
        </p>
      ) : null}
      {query.isSuccess && items.length === 0 ? <p className="quiet">{say.noKeys}</p> : null}
      {items.length === 0 ? null : (
        <Rows
          label={say.keys}
          acts
          columns={[say.name, say.role, more.ends, say.used, say.revoke]}
          rows={items.map((key) => [
            key.id,
            [
              <>
                {key.name} <span className="mono small quiet">{key.prefix}…</span>
              </>,
              <>
                {say.roleNames[key.role]}
                {key.scopes === null ? null : (
                  <span className="small quiet"> {key.scopes.map((scope) => more.scopes[scope]).join(", ")}</span>
                )}
              </>,
              <Ends key="ends" item={key} day={moments.day} />,
              key.lastUsedAt === null ? say.never : moments.day(key.lastUsedAt),
              key.revokedAt === null ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`${say.revoke} ${key.name}`}
                  onClick={() => setEnding(key)}
                >
                  {more.revokeShort}
                </Button>
              ) : (
                <span className="quiet">{say.revoked}</span>
              ),
            ],
          ])}
        />
      )}
      {query.hasNextPage ? (
        <Button
          variant="default"
          size="compact-sm"
          loading={query.isFetching}
          onClick={() => void query.fetchNextPage()}
        >
          {words.admin.more}
        </Button>
      ) : null}
      {token === null ? null : <KeyOnce token={token} />}
      <AddForm title={say.addKey} onAdd={add}>
        <KeyFields />
      </AddForm>
      <FormDialog
        open={ending !== null}
        onClose={() => setEnding(null)}
        title={more.revokeTitle(ending?.name ?? "")}
        lead={more.revokeLead}
        submit={say.revoke}
        onSubmit={revoke}
      />
    </Panel>
  );
}

function Ends(props: { item: ApiKey; day: (at: string) => string }): ReactElement {
  const { expiresAt, revokedAt } = props.item;
  if (expiresAt === null) return <span className="quiet">{more.noEnd}</span>;
  const left = Date.parse(expiresAt) - Date.now();
  if (revokedAt !== null || left > WARN_MS) return <>{props.day(expiresAt)}</>;
  return (
    <StateMark tone="problem" icon={IconClockExclamation}>
      {left <= 0 ? more.ended(props.day(expiresAt)) : more.endsSoon(props.day(expiresAt))}
    </StateMark>
  );
}
