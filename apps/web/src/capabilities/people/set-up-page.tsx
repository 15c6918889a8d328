import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconLinkOff } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { textOf } from "../../ui/form-field.ts";
import { language, words } from "../../words/index.ts";
import { DoorPage } from "./door-page.tsx";
import { signIn } from "./session.ts";
import { isOpen } from "./set-up-link.ts";

const say = words.people.setUp;

/** The first screen of a new server. The token stands behind "#", so that no proxy's log holds it. */
export function SetUpPage(): ReactElement {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token") ?? "");
  const link = useQuery({
    queryKey: ["set-up", token],
    enabled: token !== "",
    queryFn: () => isOpen(token),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (token === "") return <Dead title={say.noToken} body={say.noTokenBody} />;
  if (link.isError) return <Dead title={reasonOf(link.error)} body={say.goneBody} />;
  if (link.data === undefined)
    return (
      <DoorPage title={say.title}>
        <p role="status">{words.frame.loading}</p>
      </DoorPage>
    );
  if (!link.data) return <Dead title={say.gone} body={say.goneBody} />;
  return <SetUpForm token={token} />;
}

function Dead(props: { title: string; body: string }): ReactElement {
  return (
    <DoorPage title={say.title}>
      <CalmNote icon={IconLinkOff} title={props.title} actions={<a href="/sign-in">{say.toSignIn}</a>}>
        {props.body}
      </CalmNote>
    </DoorPage>
  );
}

function SetUpForm(props: { token: string }): ReactElement {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const found = useMutation({
    mutationFn: async (form: FormData) => {
      const email = textOf(form, "email");
      const password = textOf(form, "password");
      const json = {
        token: props.token,
        agency: textOf(form, "agency"),
        timeZone: textOf(form, "timeZone"),
        name: textOf(form, "name"),
        // What this page was read in is what the agency speaks, until somebody asks for another.
        language: language(),
        email,
        password,
      };
      await sworn.http.call("POST", sworn.http.url("/api/v1/set-up"), { json, idempotencyKey: null });
      await signIn(email, password);
    },
    onSuccess: () => {
      queries.clear();
      location.replace("/library");
    },
  });
  return (
    <DoorPage title={say.title} lead={say.lead}>
      <form
        className="door-form"
        onSubmit={(event) => {
          event.preventDefault();
          found.mutate(new FormData(event.currentTarget));
        }}
      >
        <TextInput name="agency" label={say.agency} description={say.agencyHint} required maxLength={200} autoFocus />
        <label className="field">
          <span className="field-name">{say.zone}</span>
          <span className="small quiet">{say.zoneHint}</span>
          <select name="timeZone" defaultValue={here} className="field-select">
            {[...new Set([here, "UTC", ...Intl.supportedValuesOf("timeZone")])].map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        </label>
        <TextInput name="name" label={say.name} autoComplete="name" required maxLength={200} />
        <TextInput
          name="email"
          type="email"
          label={words.people.email}
          autoComplete="username"
          required
          maxLength={254}
        />
        <PasswordInput
          name="password"
          label={words.people.password}
          description={say.passwordHint}
          autoComplete="new-password"
          minLength={12}
          maxLength={256}
          required
        />
        {found.isError ? (
          <p className="door-problem" role="alert">
            {reasonOf(found.error)}
          </p>
        ) : null}
        <Button type="submit" loading={found.isPending} fullWidth>
          {say.go}
        </Button>
      </form>
    </DoorPage>
  );
}
