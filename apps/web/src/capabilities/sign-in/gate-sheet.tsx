import { Button } from "@mantine/core";
import type { SessionState } from "@sworn/contract";
import { useMutation } from "@tanstack/react-query";
import { IconShieldLock } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { unlocked } from "../../app/lock.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { signOut } from "../people/session.ts";
import { AddPasskey } from "./add-passkey.tsx";
import { CodeForm } from "./code-form.tsx";
import { PasskeyButton } from "./passkey-button.tsx";
import { TotpSetUp } from "./totp-set-up.tsx";
import { passkeysWork } from "./use-passkey.ts";
import { UseNotice } from "./use-notice.tsx";
import "../people/door-page.css";

/** What a session waits for before it opens anything. What was asked meanwhile is asked again afterwards. */
export function GateSheet(props: { state: SessionState; onStep: () => void }): ReactElement {
  const { has } = props.state;
  const say = words.people.gate;
  const [leaving, setLeaving] = useState(false);
  const [passkey, setPasskey] = useState(false);
  const [begun, setBegun] = useState(false);
  const leave = (): void => {
    setLeaving(true);
    void signOut().finally(() => location.assign("/sign-in"));
  };
  const { notice } = props.state;
  const accept = useMutation({
    mutationFn: (version: number) => sworn.signIn.acceptNotice(version),
    onSuccess: props.onStep,
  });
  if (notice !== null)
    return (
      <div className="lock-sheet">
        <h1 id="lock-title">{words.people.useNotice.title}</h1>
        <UseNotice text={notice.text} />
        {accept.isError ? (
          <p className="lock-problem" role="alert">
            {reasonOf(accept.error)}
          </p>
        ) : null}
        <Button fullWidth loading={accept.isPending} onClick={() => accept.mutate(notice.version)}>
          {words.people.useNotice.accept}
        </Button>
        <Button variant="subtle" color="gray" className="soft" loading={leaving} onClick={leave} fullWidth>
          {words.people.lock.leave}
        </Button>
      </div>
    );
  const proves = has.totp || has.passkeys;
  return (
    <div className="lock-sheet">
      <IconShieldLock size={32} stroke={1.5} aria-hidden="true" />
      <h1 id="lock-title">{proves ? say.prove : say.setUp}</h1>
      {proves ? null : <p className="soft">{say.setUpLead}</p>}
      {has.totp ? <CodeForm send={(proof) => sworn.signIn.proveSecond(proof)} onDone={unlocked} /> : null}
      {has.passkeys ? <PasskeyButton onDone={unlocked} /> : null}
      {proves ? null : passkey ? (
        <AddPasskey onDone={unlocked} onCancel={() => setPasskey(false)} />
      ) : (
        <>
          <TotpSetUp onDone={unlocked} onStep={() => setBegun(true)} />
          {begun || !passkeysWork() ? null : (
            <Button variant="default" fullWidth onClick={() => setPasskey(true)}>
              {words.people.passkeys.instead}
            </Button>
          )}
        </>
      )}
      <Button variant="subtle" color="gray" className="soft" loading={leaving} onClick={leave} fullWidth>
        {words.people.lock.leave}
      </Button>
    </div>
  );
}
