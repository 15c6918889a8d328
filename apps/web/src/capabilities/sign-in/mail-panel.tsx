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
      <label className="account-check">
        <input
          type="checkbox"
          checked={choose.isPending ? choose.variables : mailMentions}
          aria-describedby="account-mail-why"
          onChange={(event) => choose.mutate(event.currentTarget.checked)}
        />
        <span>{say.mailMentions}</span>
      </label>
      <p id="account-mail-why" className="small quiet">
        {say.mailWhy}
      </p>
      {choose.isError ? (
        <p role="alert" className="account-problem">
          {reasonOf(choose.error)}
        </p>
      ) : null}
    </section>
  );
}
