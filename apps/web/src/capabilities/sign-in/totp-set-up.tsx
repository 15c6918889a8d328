import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { QrCode } from "./qr-code.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import "./second-factor.css";

/** Password, then the secret as a picture and as text, then its first code, then the recovery codes. */
export function TotpSetUp(props: { onDone: () => void; onCancel?: () => void; onStep?: () => void }): ReactElement {
  const say = words.people.factors;
  const begin = useMutation({
    mutationFn: (form: FormData) => sworn.signIn.beginTotp(textOf(form, "password")),
    onSuccess: () => props.onStep?.(),
    gcTime: 0, // the secret must not stay in a cache
  });
  const confirm = useMutation({
    mutationFn: (form: FormData) => sworn.signIn.confirmTotp(textOf(form, "code").replaceAll(/\s/g, "")),
  });
  const [kept, setKept] = useState(false);
  if (confirm.isSuccess && begin.data !== undefined && !kept)
    return (
      <RecoveryCodes
        codes={begin.data.recoveryCodes}
        onKept={() => {
          setKept(true);
          props.onDone();
        }}
      />
    );
  const cancel =
    props.onCancel === undefined ? null : (
      <Button variant="default" onClick={props.onCancel}>
        {say.cancel}
      </Button>
    );
  if (begin.data === undefined)
    return (
      <form
        key="password"
        className="factor-step"
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate(new FormData(event.currentTarget));
        }}
      >
        <PasswordInput
          name="password"
          label={say.passwordFirst}
          autoComplete="current-password"
          required
          maxLength={256}
          autoFocus
        />
        <Problem error={begin.error} />
        <div className="factor-acts">
          <Button type="submit" loading={begin.isPending}>
            {say.next}
          </Button>
          {cancel}
        </div>
      </form>
    );
  const { uri, secret } = begin.data;
  return (
    <form
      key="code"
      className="factor-step"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(new FormData(event.currentTarget));
      }}
    >
      <p>{say.scan}</p>
      <QrCode text={uri} name={say.qr} />
      <div>
        <div className="small soft">{say.secret}</div>
        <div className="factor-secret">
          <code className="mono">{secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
          <CopyButton text={secret} label={say.copySecret} />
        </div>
      </div>
      <TextInput
        name="code"
        label={say.firstCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9 ]{6,8}"
        maxLength={8}
        required
        autoFocus
      />
      <Problem error={confirm.error} />
      <div className="factor-acts">
        <Button type="submit" loading={confirm.isPending}>
          {say.confirm}
        </Button>
        {cancel}
      </div>
    </form>
  );
}

function Problem(props: { error: unknown }): ReactElement | null {
  return props.error === null ? null : (
    <p role="alert" className="account-problem">
      {reasonOf(props.error)}
    </p>
  );
}
