import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { reasonOf } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { browserName } from "./browser-name.ts";
import { makePasskey } from "./use-passkey.ts";
import "./second-factor.css";

/** A name and the password once more; then the browser asks who uses it. */
export function AddPasskey(props: { onDone: () => void; onCancel: () => void }): ReactElement {
  const say = words.people.passkeys;
  const add = useMutation({
    mutationFn: (form: FormData) => makePasskey(textOf(form, "name"), textOf(form, "password")),
    onSuccess: props.onDone,
  });
  return (
    <form
      className="factor-step"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(new FormData(event.currentTarget));
      }}
    >
      <TextInput
        name="name"
        label={say.name}
        description={say.nameHint}
        defaultValue={browserName(navigator.userAgent) ?? ""}
        required
        maxLength={60}
        autoComplete="off"
        autoFocus
      />
      <PasswordInput
        name="password"
        label={words.people.factors.passwordFirst}
        autoComplete="current-password"
        required
        maxLength={256}
      />
      {add.isError ? (
        <p role="alert" className="account-problem">
          {reasonOf(add.error)}
        </p>
      ) : null}
      <div className="factor-acts">
        <Button type="submit" loading={add.isPending}>
          {say.make}
        </Button>
        <Button variant="default" onClick={props.onCancel}>
          {words.people.factors.cancel}
        </Button>
      </div>
    </form>
  );
}
