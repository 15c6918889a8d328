import { Button, PasswordInput } from "@mantine/core";
import type { SessionState } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconLock } from "@tabler/icons-react";
import { useEffect, useRef, useState, useSyncExternalStore, type ReactElement } from "react";
import { isLocked, lock, onLock, unlocked } from "../../app/lock.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { onLanguage } from "../../words/choose-language.ts";
import { language, words } from "../../words/index.ts";
import { GateSheet } from "./gate-sheet.tsx";
import { signOut } from "../people/session.ts";
import "./lock-screen.css";

const say = words.people.lock;
/** How often the page asks whether its session has locked, so that an unwatched screen does not stay readable. */
const ASK_MS = 30_000;

/** Over whatever is on the screen, which stays as it is: nothing that was typed is lost. */
export function LockScreen(): ReactElement {
  const closed = useSyncExternalStore(onLock, isLocked);
  useSyncExternalStore(onLanguage, language);
  useAsking();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!closed) return element.current?.close();
    element.current?.showModal();
    element.current?.querySelector<HTMLInputElement>("input[name=password]")?.focus();
    return undefined;
  }, [closed]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a lock is not closed by a key
    <dialog
      ref={element}
      className="lock"
      aria-labelledby="lock-title"
      // Before it becomes a request to close, which a browser grants the second time.
      onKeyDown={(event) => {
        if (event.key === "Escape") event.preventDefault();
      }}
      onCancel={(event) => event.preventDefault()}
      // Some browsers close on a second Escape, whatever is said of the first.
      onClose={() => {
        if (isLocked()) element.current?.showModal();
      }}
    >
      {closed ? <Closed /> : null}
    </dialog>
  );
}

function useAsking(): void {
  useEffect(() => {
    const ask = (): void => {
      if (isLocked() || document.hidden || isDoor()) return;
      // Signed out or offline: the page's own requests say so.
      sworn.session.state().then(
        (state) => (state.locked ? lock() : undefined),
        () => undefined,
      );
    };
    const timer = setInterval(ask, ASK_MS);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);
}

/** Screens before the sign-in have no session to ask about. */
const isDoor = (): boolean => ["/sign-in", "/set-up", "/invitation"].includes(location.pathname);

/** Locked, or not open yet: the server says which. */
function Closed(): ReactElement | null {
  const { data, refetch } = useQuery({
    queryKey: ["session-state"],
    queryFn: ({ signal }) => sworn.session.state(signal),
    staleTime: Number.POSITIVE_INFINITY, // what is half done here must not be taken away by a second answer
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  // The notice accepted, a second factor may be what is next; where nothing is, the page goes on.
  const onStep = (): void => {
    void refetch().then((next) => (next.data?.waits === null ? unlocked() : undefined));
  };
  const waits = data !== undefined && !data.locked && data.waits !== null;
  return waits ? <GateSheet state={data} onStep={onStep} /> : <Unlock state={data} />;
}

function Unlock(props: { state: SessionState | undefined }): ReactElement {
  const [leaving, setLeaving] = useState(false);
  const open = useMutation({
    mutationFn: (form: FormData) => sworn.session.unlock(textOf(form, "password")),
    onSuccess: unlocked,
  });
  const leave = (): void => {
    setLeaving(true);
    void signOut().finally(() => location.assign("/sign-in"));
  };
  return (
    <div className="lock-sheet">
      <IconLock size={32} stroke={1.5} aria-hidden="true" />
      <h1 id="lock-title">{say.title}</h1>
      <p className="soft">{say.lead(props.state?.idleMinutes ?? null)}</p>
      <form
        className="lock-form"
        onSubmit={(event) => {
          event.preventDefault();
          open.mutate(new FormData(event.currentTarget));
        }}
      >
        <label className="field">
          <span className="field-name">{words.people.email}</span>
          <input
            className="lock-fixed"
            name="email"
            value={props.state?.email ?? ""}
            readOnly
            autoComplete="username"
          />
        </label>
        <PasswordInput
          name="password"
          label={words.people.password}
          autoComplete="current-password"
          required
          maxLength={256}
        />
        {open.isError ? (
          <p className="lock-problem" role="alert">
            {reasonOf(open.error)}
          </p>
        ) : null}
        <Button type="submit" loading={open.isPending} fullWidth>
          {say.unlock}
        </Button>
        <Button variant="subtle" color="gray" className="soft" loading={leaving} onClick={leave} fullWidth>
          {say.leave}
        </Button>
      </form>
    </div>
  );
}
