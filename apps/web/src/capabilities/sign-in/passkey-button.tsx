import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconFingerprint } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { enterByPasskey, passkeysWork } from "./use-passkey.ts";

/** Signs in with a passkey; not there where a browser has none. */
export function PasskeyButton(props: { onDone: () => void }): ReactElement | null {
  const say = words.people.passkeys;
  const enter = useMutation({ mutationFn: enterByPasskey, onSuccess: props.onDone });
  if (!passkeysWork()) return null;
  return (
    <>
      <Button
        variant="default"
        fullWidth
        leftSection={<IconFingerprint size={18} aria-hidden="true" />}
        loading={enter.isPending}
        onClick={() => enter.mutate()}
      >
        {say.signIn}
      </Button>
      {enter.isError ? (
        <p className="door-problem" role="alert">
          {reasonOf(enter.error)}
        </p>
      ) : null}
    </>
  );
}
