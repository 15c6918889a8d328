import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { Panel } from "./panel.tsx";

/** What everybody reads and accepts before they come in. */
export function NoticePanel(): ReactElement {
  const say = words.admin.useNotice;
  const query = useQuery({ queryKey: ["sign-in-policy"], queryFn: ({ signal }) => sworn.session.policy(signal) });
  const save = useMutation({
    mutationFn: (notice: string) => sworn.session.changePolicy({ notice }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sign-in-policy"] }),
  });
  const problem = query.error ?? save.error;
  return (
    <Panel id="use-notice" title={say.title}>
      <p className="quiet small">{say.why}</p>
      {problem === null ? null : (
        <p className="quiet" role="alert">
          {reasonOf(problem)}
        </p>
      )}
      {query.data === undefined ? null : (
        <form
          key={query.data.noticeVersion}
          className="panel-form"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(textOf(new FormData(event.currentTarget), "notice"));
          }}
        >
          <Textarea
            name="notice"
            label={say.field}
            description={say.hint}
            defaultValue={query.data.notice}
            autosize
            minRows={4}
            maxRows={14}
            maxLength={4000}
          />
          <Button type="submit" size="compact-md" loading={save.isPending}>
            {words.admin.save}
          </Button>
          {save.isSuccess ? <p role="status">{say.saved(query.data.noticeVersion)}</p> : null}
        </form>
      )}
    </Panel>
  );
}
