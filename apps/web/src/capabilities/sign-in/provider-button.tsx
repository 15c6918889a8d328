import { Button } from "@mantine/core";
import { type FrontDoor, type ProviderRefusal, providerRefusals } from "@sworn/contract";
import { useMutation } from "@tanstack/react-query";
import { IconBuilding } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";

/** Goes to the organisation's own sign-in; not there where none is set up. */
export function ProviderButton(props: {
  provider: FrontDoor["provider"];
  to: string | undefined;
}): ReactElement | null {
  const begin = useMutation({
    // An address too long to go along is left out: they come in at the first page.
    mutationFn: () => sworn.signIn.beginByProvider((props.to?.length ?? 0) > 2000 ? undefined : props.to),
    onSuccess: (url) => location.assign(url),
  });
  if (props.provider === null) return null;
  return (
    <>
      <Button
        variant="default"
        fullWidth
        leftSection={<IconBuilding size={18} aria-hidden="true" />}
        // Also while the browser leaves: a second press would begin anew and make the first one void.
        loading={begin.isPending || begin.isSuccess}
        onClick={() => begin.mutate()}
      >
        {words.people.provider.signIn(props.provider.name)}
      </Button>
      {begin.isError ? (
        <p className="door-problem" role="alert">
          {reasonOf(begin.error)}
        </p>
      ) : null}
    </>
  );
}

/** Why coming back from there opened nothing; of what else an address may say, nothing is shown. */
export function ProviderRefused(props: { reason: string | undefined }): ReactElement | null {
  const reason = providerRefusals.find((each): each is ProviderRefusal => each === props.reason);
  if (reason === undefined) return null;
  return (
    <p className="door-problem" role="alert">
      {words.people.provider.refused[reason]}
    </p>
  );
}
