import type { Evidence } from "@sworn/contract";
import { useMutation } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMay, useMoments } from "../../../app/me.ts";
import { reasonOf, sworn } from "../../../app/server.ts";
import { formatDuration } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";

const say = words.mine;

/** When, where, how long and with which camera: what a wearer remembers it by. */
export function MineFacts(props: { item: Evidence }): ReactElement {
  const { item } = props;
  const moments = useMoments();
  const at = item.recordedAt ?? item.receivedAt;
  const length = item.media.facts?.durationMs ?? null;
  return (
    <dl className="mine-facts nums">
      <div>
        <dt>{say.time}</dt>
        <dd>
          {item.recordedAt === null ? `${say.noTime} ` : ""}
          {moments.full(at)} {moments.zoneName(at)}
        </dd>
      </div>
      <div>
        <dt>{say.place}</dt>
        <dd>
          <Place item={item} />
        </dd>
      </div>
      <div>
        <dt>{say.length}</dt>
        <dd>{length === null ? say.noLength : formatDuration(length)}</dd>
      </div>
      {item.device === null ? null : (
        <div>
          <dt>{say.camera}</dt>
          <dd>{item.device.name}</dd>
        </div>
      )}
    </dl>
  );
}

/** Where somebody was is as private as the picture, and asking for it is logged: it is shown when it is asked for. */
function Place(props: { item: Evidence }): ReactElement {
  const { item } = props;
  const mayView = useMay()("evidence.view");
  const look = useMutation({ mutationFn: () => sworn.evidence.track(item.id) });
  if (!item.hasTrack || item.locked || !mayView) return <>{say.noPlace}</>;
  if (look.isError) return <span role="alert">{reasonOf(look.error)}</span>;
  if (look.data === undefined)
    return (
      <button type="button" className="mine-place" title={say.placeHint} onClick={() => look.mutate()}>
        {say.showPlace}
      </button>
    );
  const [lon, lat] = look.data.geometry.coordinates[0] ?? [];
  if (lon === undefined || lat === undefined) return <>{say.noPath}</>;
  return (
    <span className="mono" role="status">
      {lat.toFixed(5)}, {lon.toFixed(5)}
    </span>
  );
}
