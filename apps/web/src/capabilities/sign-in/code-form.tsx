import { Button, TextInput } from "@mantine/core";
import type { SecondFactorProof } from "@sworn/contract";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { reasonOf } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";

/** Six digits of the app or, for who lost it, a recovery code. */
export function CodeForm(props: {
  send: (proof: SecondFactorProof) => Promise<unknown>;
  onDone: () => void;
  sayProblem?: (error: unknown) => string;
}): ReactElement {
  const say = words.people.second;
  const [recovery, setRecovery] = useState(false);
  const prove = useMutation({
    mutationFn: (form: FormData) =>
      props.send(
        recovery
          ? { recoveryCode: textOf(form, "recovery").trim() }
          : { code: textOf(form, "code").replaceAll(/\s/g, "") },
      ),
    onSuccess: props.onDone,
  });
  const sayProblem = props.sayProblem ?? reasonOf;
  return (
    <form
      className="door-form"
      onSubmit={(event) => {
        event.preventDefault();
        prove.mutate(new FormData(event.currentTarget));
      }}
    >
      <p className="soft">{recovery ? say.recoveryLead : say.lead}</p>
      {recovery ? (
        <TextInput
          key="recovery"
          name="recovery"
          label={say.recoveryCode}
          autoComplete="off"
          spellCheck={false}
          required
          minLength={8}
          maxLength={40}
          data-autofocus
          autoFocus
        />
      ) : (
        <TextInput
          key="code"
          name="code"
          label={say.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9 ]{6,8}"
          required
          maxLength={8}
          data-autofocus
          autoFocus
        />
      )}
      {prove.isError ? (
        <p className="door-problem" role="alert">
          {sayProblem(prove.error)}
        </p>
      ) : null}
      <Button type="submit" loading={prove.isPending} fullWidth>
        {say.go}
      </Button>
      <Button
        variant="subtle"
        color="gray"
        className="soft"
        fullWidth
        onClick={() => {
          prove.reset();
          setRecovery(!recovery);
        }}
      >
        {recovery ? say.useCode : say.useRecovery}
      </Button>
    </form>
  );
}
