import { Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { meQuery, useMe } from "../../app/me.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";

const say = words.people.account;

/** Which letters one gets; nothing where this deployment sends none. */
export function MailPanel(): ReactElement | null {
  const { mailMentions } = useMe();
  const choose = useMutation({
    mutationFn: (mentions: boolean) => sworn.chooseMail(mentions),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
  if (mailMentions === null) return null;
  return (
    <section className="account-part" aria-labelledby="account-mail">
      <h2 id="account-mail">{say.mail}</h2>
      <Switch
        label={say.mailMentions}
        description={say.mailWhy}
        checked={choose.isPending ? choose.variables : mailMentions}
        error={choose.isError ? reasonOf(choose.error) : undefined}
        onChange={(event) => choose.mutate(event.currentTarget.checked)}
      />
    </section>
  );
}
