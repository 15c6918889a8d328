import { Button } from "@mantine/core";
import { outsideRoles, type Evidence, type SharedWithMe } from "@sworn/contract";
import { Link } from "@tanstack/react-router";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMe, useMoments } from "../../app/me.ts";
import { reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { withMeQuery } from "./sharing-query.ts";
import "./sharing.css";

const say = words.sharing;

/** Whether this person is of the prosecution or the defence: they see what was shared with them. */
export function useOutside(): boolean {
  const roles = useMe().person?.roles ?? [];
  return roles.some((role) => outsideRoles.includes(role));
}

/** Over the library of somebody outside: which shares there are, by whom, until when. */
export function SharesWithYou(props: { chosen: string | undefined }): ReactElement {
  const query = useQuery(withMeQuery());
  const moments = useMoments();
  // Of one case, one after the other: what was shared first and what was added to it since.
  const shares = Object.values(Object.groupBy(query.data ?? [], (share) => share.case?.id ?? share.id)).flatMap(
    (each) => each ?? [],
  );
  return (
    <section className="with-you" aria-labelledby="with-you-title">
      <h2 id="with-you-title">{say.withYou}</h2>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {query.isSuccess && shares.length === 0 ? <p className="soft">{say.withYouNothing}</p> : null}
      <ul className="with-you-list">
        {shares.map((share) => (
          <li key={share.id} className={share.id === props.chosen ? "with-you-chosen" : ""}>
            <p>
              <b>{say.withYouLine(share.madeBy, moments.day(share.expiresAt))}</b>
            </p>
            <CaseNamed share={share} />
            <p className="small soft">
              {say.items(share.items)}, {share.mayDownload ? say.mayKeep : say.mayLook}
            </p>
            {share.message === "" ? null : <p className="share-reason">{share.message}</p>}
            <p className="small">
              {share.id === props.chosen ? (
                <Link to="/library" search={{}}>
                  {say.showAll}
                </Link>
              ) : (
                <Link to="/library" search={{ share: share.id }}>
                  {say.showOnly(share.items)}
                </Link>
              )}
            </p>
          </li>
        ))}
      </ul>
      <p className="small soft">{say.sealed}</p>
    </section>
  );
}

function CaseNamed(props: { share: SharedWithMe }): ReactElement | null {
  const { case: file } = props.share;
  if (file === null) return null;
  return (
    <p>
      {say.caseNamed} <span className="mono">{file.number}</span> · {file.title}
    </p>
  );
}

/** On an item's page, for somebody outside: who shared it, until when, and the copy they may keep. */
export function SharedWithYou(props: { evidence: Evidence }): ReactElement | null {
  const { evidence } = props;
  const outside = useOutside();
  const query = useQuery({ ...withMeQuery(evidence.id), enabled: outside });
  const moments = useMoments();
  if (!outside) return null;
  const shares = query.data ?? [];
  const parts = evidence.takes.length > 1 ? evidence.takes.map(({ take }) => take) : [null];
  return (
    <section className="outside" aria-labelledby="with-you-title">
      <h2 id="with-you-title">{say.withYou}</h2>
      {shares.map((share) => (
        <article key={share.id} className="share">
          <p>{say.withYouLine(share.madeBy, moments.day(share.expiresAt))}</p>
          <CaseNamed share={share} />
          {share.message === "" ? null : <p className="small soft share-reason">{share.message}</p>}
        </article>
      ))}
      {shares.some(({ mayDownload }) => mayDownload) ? (
        <div className="share-copies">
          {parts.map((part) => (
            <Button
              key={part ?? -1}
              component="a"
              href={`/api/v1/evidence/${evidence.id}/media?download=1${part === null ? "" : `&take=${part}`}`}
              size="compact-sm"
              variant="default"
              leftSection={<IconDownload size={14} aria-hidden="true" />}
            >
              {part === null ? say.download : say.downloadPart(part + 1)}
            </Button>
          ))}
        </div>
      ) : null}
      <p className="small soft">{say.sealed}</p>
    </section>
  );
}
