import { Button } from "@mantine/core";
import type { Share } from "@sworn/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { Panel, Rows } from "../admin/panel.tsx";
import { EndShare, namesOf } from "./outside-access.tsx";
import { refreshShares, sharesQuery } from "./sharing-query.ts";
import "./sharing.css";

const say = words.sharing;

/** Everything that is shared outside: who manages people sees with whom and until when, without a title. */
export function SharesPanel(): ReactElement {
  const [state, setState] = useState<"active" | "ended">("active");
  const query = useInfiniteQuery(sharesQuery(state));
  const may = useMay();
  const moments = useMoments();
  const [ending, setEnding] = useState<Share | null>(null);
  const shares = (query.data?.pages ?? []).flatMap(({ items }) => items);
  return (
    <Panel id="shares" title={say.all}>
      <p className="soft column">{query.isSuccess && shares.length === 0 ? say.allNone : say.allWhy}</p>
      <div className="share-states" role="group" aria-label={say.all}>
        {(["active", "ended"] as const).map((one) => (
          <Button
            key={one}
            size="compact-sm"
            variant={state === one ? "light" : "default"}
            aria-pressed={state === one}
            onClick={() => setState(one)}
          >
            {one === "active" ? say.allActive : say.allEnded}
          </Button>
        ))}
      </div>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {shares.length === 0 ? null : (
        <Rows
          label={say.all}
          acts
          columns={[say.table.who, say.table.what, say.table.until, say.table.why, say.table.by, say.table.change]}
          rows={shares.map((share) => [
            share.id,
            [
              namesOf(share),
              `${share.items === null ? say.itemsUnknown : say.items(share.items)}, ${share.mayDownload ? say.mayKeep : say.mayLook}`,
              share.state === "active" ? moments.day(share.expiresAt) : say.states[share.state],
              share.reason,
              share.madeBy ?? "",
              share.state === "active" && may("share.revoke") ? (
                <Button
                  key={share.id}
                  size="compact-xs"
                  variant="default"
                  aria-label={say.endOf(namesOf(share))}
                  onClick={() => setEnding(share)}
                >
                  {say.end}
                </Button>
              ) : (
                ""
              ),
            ],
          ])}
        />
      )}
      {query.hasNextPage ? (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {say.more}
          </Button>
        </div>
      ) : null}
      <EndShare share={ending} onClose={() => setEnding(null)} onDone={() => refreshShares()} />
    </Panel>
  );
}
