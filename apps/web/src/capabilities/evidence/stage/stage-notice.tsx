import { Button } from "@mantine/core";
import type { Evidence } from "@sworn/contract";
import {
  IconAlertTriangle,
  IconClockHour4,
  IconDownload,
  IconEyeOff,
  IconFile,
  IconLoader2,
  IconLock,
  IconRefresh,
  IconShieldX,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMay } from "../../../app/me.ts";
import { reasonOf, sworn } from "../../../app/server.ts";
import { CalmNote } from "../../../ui/calm-note.tsx";
import { formatBytes } from "../../../ui/format/bytes.ts";
import { words } from "../../../words/index.ts";
import { usePlayerState } from "./use-player.ts";

const say = words.evidence.notice;

/** Over the picture, when there is none yet or none at all: what is known, and that the original is safe. */
export function StageNotice(props: { evidence: Evidence }): ReactElement | null {
  const { evidence } = props;
  const { media } = evidence;
  const playFailed = usePlayerState((state) => state.phase === "failed");
  const retry = useRetryMedia(evidence.id);
  const mayView = useMay()("evidence.view");
  const download = <DownloadOriginal evidence={evidence} />;
  const note = ((): ReactElement | null => {
    if (evidence.state === "disposed") return <CalmNote onStage icon={IconShieldX} title={say.disposed} />;
    if (evidence.locked)
      return (
        <CalmNote onStage icon={IconLock} title={words.incidents.lockedMark}>
          {words.incidents.lockedBody}
        </CalmNote>
      );
    if (!mayView)
      return (
        <CalmNote onStage icon={IconEyeOff} title={say.notYours}>
          {say.notYoursBody}
        </CalmNote>
      );
    if (evidence.state === "sealing")
      return (
        <CalmNote onStage icon={IconClockHour4} title={say.sealing}>
          {say.sealingBody}
        </CalmNote>
      );
    if (evidence.state === "live")
      return playFailed ? (
        <CalmNote onStage icon={IconLoader2} title={say.liveWaiting}>
          {say.liveWaitingBody}
        </CalmNote>
      ) : null;
    if (media.state === "refused") {
      return (
        <CalmNote onStage tone="problem" icon={IconShieldX} title={say.refused} actions={download}>
          {media.detail ?? say.refusedBody}
        </CalmNote>
      );
    }
    if (evidence.kind === "document")
      return <CalmNote onStage icon={IconFile} title={say.document} actions={download} />;
    if (playFailed && evidence.state === "incomplete")
      return (
        <CalmNote onStage tone="problem" icon={IconAlertTriangle} title={say.incomplete} actions={download}>
          {evidence.size === 0 ? say.nothingBody : say.incompleteBody}
        </CalmNote>
      );
    if (playFailed) {
      const codec = media.facts?.video?.codec;
      return (
        <CalmNote onStage tone="problem" icon={IconAlertTriangle} title={say.cannotPlay(codec)} actions={download}>
          {say.cannotPlayBody}
        </CalmNote>
      );
    }
    return null;
  })();
  if (note !== null) return <div className="stage-notice">{note}</div>;
  if (media.state === "failed" && evidence.state !== "live") {
    return (
      <div className="stage-hint" role="status">
        <IconAlertTriangle size={16} aria-hidden="true" />
        <span>{retry.isError ? reasonOf(retry.error) : (media.detail ?? say.failed)}</span>
        <Button
          size="compact-xs"
          variant="default"
          className="stage-button"
          leftSection={<IconRefresh size={12} />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          {words.frame.retry}
        </Button>
      </div>
    );
  }
  if (media.state === "pending" || media.state === "running") {
    return evidence.state !== "stored" ? null : (
      <div className="stage-hint" role="status">
        <IconLoader2 size={16} className="turning" aria-hidden="true" />
        <span>{media.state === "pending" ? say.pending : say.running}</span>
      </div>
    );
  }
  return null;
}

function useRetryMedia(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => sworn.evidence.retryMedia(id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["evidence", id] }),
  });
}

/**
 * Only for who may view, and only where there is something: a button that the server would refuse helps nobody. What
 * came without its end is not called the original.
 */
export function DownloadOriginal(props: { evidence: Evidence; take?: number }): ReactElement | null {
  const mayView = useMay()("evidence.view");
  const { evidence } = props;
  if (!mayView || evidence.size === 0) return null;
  const options = props.take === undefined ? {} : { take: props.take };
  return (
    <Button
      component="a"
      size="compact-sm"
      variant="default"
      className="stage-button"
      href={sworn.evidence.mediaUrl(evidence.id, options)}
      download={evidence.sourceName ?? ""}
      leftSection={<IconDownload size={14} />}
    >
      {evidence.state === "incomplete" && props.take === undefined
        ? words.evidence.downloadIncomplete(formatBytes(evidence.size))
        : words.evidence.downloadOriginal}
    </Button>
  );
}
