import { Button } from "@mantine/core";
import type { Call, CallItem } from "@sworn/contract";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement, type ReactNode } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { ItemMark } from "./call-mark.tsx";
import { refreshCalls } from "./calls-query.ts";
import { MoveDialog } from "./move-dialog.tsx";

const say = words.calls;
type Verb = "accept" | "refuse" | "undecide";

/** Footage that shows a call, may show it, or was said not to: each with why, and what can be said of it. */
export function CallItems(props: { call: Call; onDone: (done: Done) => void; children?: ReactNode }): ReactElement {
  const { call, onDone } = props;
  const matches = useMay()("call.match");
  const [moving, setMoving] = useState<CallItem | null>(null);
  const decide = useMutation({
    mutationFn: async ({ verb, item }: { verb: Verb; item: CallItem }) => {
      await sworn.calls[verb](call.id, [item.id]);
      await refreshCalls();
    },
    onSuccess: (_, { verb, item }) => {
      // Back to what was said before, whatever that was.
      const back: Verb = item.state === "accepted" ? "accept" : item.state === "refused" ? "refuse" : "undecide";
      const text = { accept: say.acceptedOne, refuse: say.refusedOne, undecide: say.undecidedOne }[verb](item.title);
      onDone({
        text,
        undo: async () => {
          await sworn.calls[back](call.id, [item.id]);
          await refreshCalls();
          return say.undone;
        },
      });
    },
    onError: (error) => onDone({ text: reasonOf(error) }),
  });
  return (
    <section className="panel" aria-labelledby="call-footage">
      <h2 id="call-footage">{say.footage}</h2>
      {call.items.length === 0 ? <p className="soft">{say.footageNone}</p> : null}
      <ul className="matter-items call-items">
        {call.items.map((item) => (
          <li key={item.id}>
            <Item item={item} />
            {matches ? (
              <span className="matter-item-acts">
                {item.state === "accepted" || item.state === "refused" ? (
                  <Act verb="undecide" item={item} onAct={(verb) => decide.mutate({ verb, item })} />
                ) : (
                  <>
                    <Act verb="accept" item={item} onAct={(verb) => decide.mutate({ verb, item })} />
                    <Act verb="refuse" item={item} onAct={(verb) => decide.mutate({ verb, item })} />
                  </>
                )}
                {item.state === "refused" ? null : (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={say.moveOf(item.title)}
                    onClick={() => setMoving(item)}
                  >
                    {say.move}
                  </Button>
                )}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {props.children}
      <MoveDialog call={call} item={moving} onClose={() => setMoving(null)} onDone={onDone} />
    </section>
  );
}

function Act(props: { verb: Verb; item: CallItem; onAct: (verb: Verb) => void }): ReactElement {
  const { verb, item } = props;
  const named = { accept: say.acceptOf, refuse: say.refuseOf, undecide: say.undecideOf }[verb];
  return (
    <Button
      size="compact-xs"
      variant={verb === "accept" ? "filled" : "default"}
      aria-label={named(item.title)}
      onClick={() => props.onAct(verb)}
    >
      {say[verb]}
    </Button>
  );
}

function Item(props: { item: CallItem }): ReactElement {
  const { item } = props;
  const moments = useMoments();
  const facts = [
    moments.full(item.recordedAt),
    ...(item.durationMs === null ? [] : [formatDuration(item.durationMs)]),
    ...(item.person === null ? [] : [item.person.name]),
  ];
  return (
    <span className="matter-item">
      <Link to="/evidence/$id" params={{ id: item.id }} search={{}}>
        {item.title}
      </Link>
      <ItemMark state={item.state} />
      <span className="small soft nums">{facts.join(" · ")}</span>
      <span className="small soft">
        {item.reasons.map((reason) => say.reasons[reason]).join(" · ")}
        {item.otherCalls.length === 0 ? null : (
          <>
            {" · "}
            {say.alsoCalls}{" "}
            {item.otherCalls.map(({ id, number }, at) => (
              <span key={id}>
                {at === 0 ? "" : ", "}
                <Link to="/calls/$id" params={{ id }} className="mono">
                  {number}
                </Link>
              </span>
            ))}
          </>
        )}
      </span>
    </span>
  );
}
