import { Button, PasswordInput } from "@mantine/core";
import type { OpenInvitation } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconLinkOff } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { DoorPage } from "./door-page.tsx";
import { signIn } from "./session.ts";

const say = words.people.invitation;

/** The first screen of an invited person. The token stands behind "#", so that no proxy's log holds it. */
export function InvitationPage(): ReactElement {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token") ?? "");
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => sworn.people.readInvitation(token, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (invitation.isError)
    return (
      <DoorPage title={say.title}>
        <CalmNote
          icon={IconLinkOff}
          title={token === "" ? say.noToken : say.gone}
          actions={<a href="/sign-in">{words.people.setUp.toSignIn}</a>}
        >
          {token === "" ? say.noTokenBody : say.goneBody}
        </CalmNote>
      </DoorPage>
    );
  if (invitation.data === undefined)
    return (
      <DoorPage title={say.title}>
        <p role="status">{words.frame.loading}</p>
      </DoorPage>
    );
  return <AcceptForm token={token} invitation={invitation.data} />;
}

function AcceptForm(props: { token: string; invitation: OpenInvitation }): ReactElement {
  const { agency, name, email } = props.invitation;
  const accept = useMutation({
    mutationFn: async (form: FormData) => {
      const password = textOf(form, "password");
      if (password !== textOf(form, "again")) throw new Error(say.notTheSame);
      await sworn.people.acceptInvitation(props.token, password);
      await signIn(email, password);
    },
    onSuccess: () => {
      queries.clear();
      location.replace("/");
    },
  });
  return (
    <DoorPage title={say.welcome(name)} lead={say.lead(agency)}>
      <form
        className="door-form"
        onSubmit={(event) => {
          event.preventDefault();
          accept.mutate(new FormData(event.currentTarget));
        }}
      >
        <label className="field">
          <span className="field-name">{words.people.email}</span>
          {/* Readable for password managers, which keep it beside the password. */}
          <input className="door-fixed" name="email" value={email} readOnly autoComplete="username" />
        </label>
        <PasswordInput
          name="password"
          label={say.password}
          description={words.people.setUp.passwordHint}
          autoComplete="new-password"
          minLength={12}
          maxLength={256}
          required
          autoFocus
        />
        <PasswordInput name="again" label={say.again} autoComplete="new-password" maxLength={256} required />
        {accept.isError ? (
          <p className="door-problem" role="alert">
            {reasonOf(accept.error)}
          </p>
        ) : null}
        <Button type="submit" loading={accept.isPending} fullWidth>
          {say.go}
        </Button>
      </form>
    </DoorPage>
  );
}
