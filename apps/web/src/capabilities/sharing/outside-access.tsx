import { Button, Textarea } from "@mantine/core";
import type { Evidence, Share } from "@sworn/contract";
import { IconShare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { ShareDialog, type Shared } from "./share-dialog.tsx";
import { refreshShares, sharesOfQuery } from "./sharing-query.ts";
import "./sharing.css";

const say = words.sharing;

/** Who outside can see this item, until when, and the way to share it or to end that. */
export function OutsideAccess(props: { evidence: Evidence }): ReactElement | null {
  const { evidence } = props;
  const may = useMay();
  const query = useQuery({ ...sharesOfQuery(evidence.id), enabled: may("share.list") });
  const [sharing, setSharing] = useState(false);
  const [done, setDone] = useState<Shared | null>(null);
  if (!may("share.list") || evidence.state === "disposed") return null;
  const shares = query.data?.items ?? [];
  const active = shares.filter(({ state }) => state === "active");
  const ended = shares.filter(({ state }) => state !== "active");
  return (
    <section className="outside" aria-labelledby="outside-title">
      <h2 id="outside-title">{say.outside}</h2>
      {query.data === undefined ? (
        <p className="quiet" role="status">
          {query.isError ? reasonOf(query.error) : words.frame.loading}
        </p>
      ) : active.length === 0 ? (
        <p className="soft">{say.outsideNobody}</p>
      ) : (
        active.map((share) => <ShareCard key={share.id} share={share} evidence={evidence.id} />)
      )}
      <p role="status" className="small soft outside-done">
        {done?.text}
      </p>
      {may("share.make") && evidence.state !== "live" && evidence.state !== "sealing" ? (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconShare size={14} aria-hidden="true" />}
            onClick={() => setSharing(true)}
          >
            {say.shareDots}
          </Button>
        </div>
      ) : null}
      {ended.length === 0 ? null : (
        <details className="small">
          <summary>{say.outsideEnded(ended.length)}</summary>
          {ended.map((share) => (
            <ShareCard key={share.id} share={share} evidence={evidence.id} />
          ))}
        </details>
      )}
      <ShareDialog
        open={sharing}
        items={[evidence]}
        onClose={() => setSharing(false)}
        onDone={(what) => {
          setDone(what);
          setSharing(false);
        }}
      />
    </section>
  );
}

export const namesOf = (share: Share): string => share.people.map(({ name }) => name).join(", ");

function ShareCard(props: { share: Share; evidence: string }): ReactElement {
  const { share } = props;
  const may = useMay();
  const moments = useMoments();
  const [ending, setEnding] = useState(false);
  return (
    <article className={`share share-${share.state}`}>
      <p className="share-who">
        {share.people.map(({ id, name, role }, n) => (
          <span key={id}>
            {n === 0 ? "" : ", "}
            {name}
            {role === null ? null : <span className="soft"> ({say.roles[role]})</span>}
          </span>
        ))}
      </p>
      <p className="small">
        {share.mayDownload ? say.mayKeep : say.mayLook}, {say.untilDay(moments.day(share.expiresAt))}
        {share.state === "active" ? "" : ` · ${say.states[share.state]}`}
      </p>
      <p className="small soft share-reason">{share.reason}</p>
      <p className="small soft">{say.by(share.madeBy, moments.day(share.madeAt))}</p>
      {share.revokedAt === null ? null : (
        <p className="small soft share-reason">
          {say.endedBy(share.revokedBy, moments.day(share.revokedAt), share.revokeReason ?? "")}
        </p>
      )}
      {share.state === "active" && may("share.revoke") ? (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={say.endOf(namesOf(share))}
          onClick={() => setEnding(true)}
        >
          {say.end}
        </Button>
      ) : null}
      <EndShare
        share={ending ? share : null}
        onClose={() => setEnding(false)}
        onDone={() => refreshShares([props.evidence])}
      />
    </article>
  );
}

/** Asks why, and ends the share. */
export function EndShare(props: {
  share: Share | null;
  onClose: () => void;
  onDone: () => Promise<void>;
}): ReactElement {
  const { share } = props;
  return (
    <FormDialog
      open={share !== null}
      onClose={props.onClose}
      title={say.endTitle}
      lead={say.endLead}
      submit={say.endSubmit}
      onSubmit={async (form) => {
        if (share === null) return;
        await sworn.sharing.revoke(share.id, textOf(form, "reason").trim());
        await props.onDone();
      }}
    >
      {() => <Textarea name="reason" label={say.reason} required maxLength={1000} rows={3} />}
    </FormDialog>
  );
}
