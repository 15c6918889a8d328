import { Button } from "@mantine/core";
import { PersonRole } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { Panel } from "./panel.tsx";

/** Which roles need a second factor. */
export function FactorPanel(): ReactElement {
  const say = words.admin.sessions;
  const query = useQuery({ queryKey: ["sign-in-policy"], queryFn: ({ signal }) => sworn.session.policy(signal) });
  const save = useMutation({
    mutationFn: (form: FormData) =>
      sworn.session.changePolicy({ secondFactor: PersonRole.array().parse(form.getAll("factor")) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sign-in-policy"] }),
  });
  const problem = query.error ?? save.error;
  const now = query.data?.secondFactor;
  return (
    <Panel id="factor-rule" title={say.factorTitle}>
      <p className="quiet small">{say.factorWhy}</p>
      {problem === null ? null : (
        <p className="quiet" role="alert">
          {reasonOf(problem)}
        </p>
      )}
      {now === undefined ? null : (
        <form
          key={now.join(" ")}
          className="panel-form"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(new FormData(event.currentTarget));
          }}
        >
          <fieldset>
            <legend>{say.factorField}</legend>
            {PersonRole.options.map((role) => (
              <label key={role}>
                <input type="checkbox" name="factor" value={role} defaultChecked={now.includes(role)} />{" "}
                {words.people.admin.roleNames[role]}
              </label>
            ))}
          </fieldset>
          <Button type="submit" size="compact-md" loading={save.isPending}>
            {words.admin.save}
          </Button>
          {save.isSuccess ? <p role="status">{say.saved}</p> : null}
        </form>
      )}
    </Panel>
  );
}
