import { Button, PasswordInput, TextInput } from "@mantine/core";
import type { FrontDoor } from "@sworn/contract";
import { SwornError } from "@sworn/sdk";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconUserPlus } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { PasskeyButton } from "../sign-in/passkey-button.tsx";
import { ProviderButton, ProviderRefused } from "../sign-in/provider-button.tsx";
import { CodeForm } from "../sign-in/code-form.tsx";
import { AcceptFirst, tellAccepted } from "../sign-in/use-notice.tsx";
import { DoorPage } from "./door-page.tsx";
import { isSetUpNeeded } from "./set-up-link.ts";

const say = words.people;

export function SignInPage(props: { to: string | undefined; refused: string | undefined }): ReactElement {
  const [second, setSecond] = useState(false);
  const [accepted, setAccepted] = useState<FrontDoor["notices"] | null>(null);
  const front = useQuery({
    queryKey: ["front-door"],
    queryFn: ({ signal }) => sworn.signIn.frontDoor(signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const goOn = (): void => {
    // Where that fails, the page asks for it again before it opens.
    void tellAccepted(accepted ?? []).then(leaveDoor, leaveDoor);
  };
  const leaveDoor = (): void => {
    queries.clear();
    // Only a path of this site: an address in the link must not lead elsewhere.
    const to = props.to?.startsWith("/") === true && !props.to.startsWith("//") ? props.to : "/library";
    location.replace(new URL(to, location.origin).href.startsWith(`${location.origin}/`) ? to : "/library");
  };
  const enter = useMutation({
    mutationFn: (form: FormData) =>
      sworn.signIn.enter({ email: textOf(form, "email"), password: textOf(form, "password") }),
    onSuccess: ({ entered }) => (entered ? goOn() : setSecond(true)),
  });
  const notices = front.data?.notices ?? [];
  if (notices.length > 0 && accepted === null)
    return (
      <DoorPage title={say.useNotice.title}>
        <AcceptFirst notices={notices} onAccept={() => setAccepted(notices)} />
      </DoorPage>
    );
  if (second)
    return (
      <DoorPage title={say.second.title}>
        <CodeForm send={(proof) => sworn.signIn.enterSecond(proof)} onDone={goOn} sayProblem={refusal} />
        <Button variant="default" fullWidth onClick={() => location.reload()}>
          {say.second.again}
        </Button>
      </DoorPage>
    );
  return (
    <DoorPage title={say.signInTitle}>
      <NobodyYet />
      <ProviderRefused reason={props.refused} />
      <form
        className="door-form"
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate(new FormData(event.currentTarget));
        }}
      >
        <TextInput name="email" type="email" label={say.email} autoComplete="username" required autoFocus />
        <PasswordInput name="password" label={say.password} autoComplete="current-password" required />
        {enter.isError ? (
          <p className="door-problem" role="alert">
            {refusal(enter.error)}
          </p>
        ) : null}
        <Button type="submit" loading={enter.isPending} fullWidth>
          {say.signIn}
        </Button>
      </form>
      <PasskeyButton onDone={goOn} />
      <ProviderButton provider={front.data?.provider ?? null} to={props.to} />
    </DoorPage>
  );
}

/** A new server: whoever opens its plain address learns where the way in is printed, and nothing else. */
function NobodyYet(): ReactElement | null {
  const { data } = useQuery({ queryKey: ["set-up-needed"], queryFn: ({ signal }) => isSetUpNeeded(signal) });
  if (data !== true) return null;
  return (
    <div className="door-note">
      <CalmNote role="status" tone="accent" icon={IconUserPlus} title={say.nobody.title}>
        <p>{say.nobody.body}</p>
        <pre className="mono" tabIndex={0}>
          {say.nobody.command}
        </pre>
      </CalmNote>
    </div>
  );
}

/** One answer for a wrong address and a wrong password: which of them exists is nobody's business. */
function refusal(error: unknown): string {
  if (error instanceof SwornError && error.code === "sign-in-locked")
    return say.locked(Math.ceil((error.retryAfterSeconds ?? 600) / 60));
  if (error instanceof SwornError && error.code === "sign-in-expired") return say.second.expired;
  const wrong = error instanceof SwornError && (error.status === 401 || error.status === 403 || error.status === 400);
  return wrong ? say.signInFailed : reasonOf(error);
}
