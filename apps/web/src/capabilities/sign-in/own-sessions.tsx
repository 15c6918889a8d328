import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconDeviceDesktop, IconLock } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
import { browserName } from "./browser-name.ts";

const say = words.people.account;

/** Where one is signed in: with what, from where, since when; each can be ended. */
export function OwnSessions(): ReactElement {
  const moments = useMoments();
  const query = useQuery({ queryKey: ["own-sessions"], queryFn: ({ signal }) => sworn.session.list(signal) });
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ["own-sessions"] });
  const end = useMutation({ mutationFn: (id: string) => sworn.session.end(id), onSettled: refresh });
  const others = useMutation({ mutationFn: () => sworn.session.endOthers(), onSettled: refresh });
  const problem = query.error ?? end.error ?? others.error;
  const items = query.data ?? [];
  return (
    <section className="account-part" aria-labelledby="account-sessions">
      <h2 id="account-sessions">{say.sessions}</h2>
      <p className="small quiet">{say.sessionsWhy(moments.zoneName())}</p>
      {problem === null ? null : (
        <p role="alert" className="account-problem">
          {reasonOf(problem)}
        </p>
      )}
      <ul className="account-sessions">
        {items.map((session) => (
          <li key={session.id} className="account-session">
            <div>
              <div>{browserName(session.browser) ?? say.unknownBrowser}</div>
              <div className="small soft">
                <span className="mono">{session.ip}</span> · {say.since(moments.full(session.startedAt))} ·{" "}
                {say.seen(moments.full(session.seenAt))}
              </div>
            </div>
            {session.current ? (
              <StateMark tone="accent" icon={IconDeviceDesktop}>
                {say.thisOne}
              </StateMark>
            ) : (
              <>
                {session.locked ? (
                  <StateMark tone="neutral" icon={IconLock}>
                    {say.isLocked}
                  </StateMark>
                ) : null}
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={say.endOf(browserName(session.browser) ?? say.unknownBrowser)}
                  loading={end.isPending && end.variables === session.id}
                  onClick={() => end.mutate(session.id)}
                >
                  {say.end}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {items.length < 2 ? null : (
        <div>
          <Button variant="default" loading={others.isPending} onClick={() => others.mutate()}>
            {say.endOthers}
          </Button>
        </div>
      )}
    </section>
  );
}
