import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, type ReactElement } from "react";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";

const say = words.people.account;

/** One's own new password; every other session ends with the old one. */
export function PasswordPanel(): ReactElement {
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({
    mutationFn: async (data: FormData) => {
      const next = textOf(data, "next");
      if (next !== textOf(data, "again")) throw new Error(words.people.invitation.notTheSame);
      await sworn.session.changePassword({ current: textOf(data, "current"), next });
    },
    onSuccess: async () => {
      form.current?.reset();
      await queries.invalidateQueries({ queryKey: ["own-sessions"] });
    },
  });
  return (
    <section className="account-part" aria-labelledby="account-password">
      <h2 id="account-password">{words.people.password}</h2>
      <form
        ref={form}
        className="account-form"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(new FormData(event.currentTarget));
        }}
      >
        <PasswordInput name="current" label={say.current} autoComplete="current-password" required maxLength={256} />
        <PasswordInput
          name="next"
          label={say.next}
          description={words.people.setUp.passwordHint}
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={256}
        />
        <PasswordInput
          name="again"
          label={words.people.invitation.again}
          autoComplete="new-password"
          required
          maxLength={256}
        />
        <Button type="submit" loading={change.isPending}>
          {say.change}
        </Button>
        {change.isError ? (
          <p role="alert" className="account-problem">
            {reasonOf(change.error)}
          </p>
        ) : null}
        {change.isSuccess ? (
          <p role="status" className="account-done">
            {say.changed}
          </p>
        ) : null}
      </form>
    </section>
  );
}
