import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";
import { Panel } from "./panel.tsx";

const say = words.admin.sessions;
const offered = [5, 10, 15, 20, 30, 45, 60];

/** How soon an unused session locks. */
export function SessionsPanel(): ReactElement {
  const query = useQuery({ queryKey: ["sign-in-policy"], queryFn: ({ signal }) => sworn.session.policy(signal) });
  const save = useMutation({
    mutationFn: (idleMinutes: number) => sworn.session.changePolicy({ idleMinutes }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sign-in-policy"] }),
  });
  const problem = query.error ?? save.error;
  const now = query.data?.idleMinutes;
  return (
    <Panel id="sessions" title={say.title}>
      <p className="quiet small">{say.why}</p>
      {problem === null ? null : (
        <p className="quiet" role="alert">
          {reasonOf(problem)}
        </p>
      )}
      {now === undefined ? null : (
        <form
          key={now}
          className="panel-form"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(Number(textOf(new FormData(event.currentTarget), "minutes")));
          }}
        >
          <SelectField
            name="minutes"
            label={say.field}
            defaultValue={String(now)}
            choices={[...new Set([...offered, now])]
              .toSorted((a, b) => a - b)
              .map((minutes) => ({ value: String(minutes), name: say.minutes(minutes) }))}
          />
          <Button type="submit" size="compact-md" loading={save.isPending}>
            {words.admin.save}
          </Button>
          {save.isSuccess ? <p role="status">{say.saved}</p> : null}
        </form>
      )}
    </Panel>
  );
}
