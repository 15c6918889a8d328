import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import {
  IconArrowsMaximize,
  IconBadgeCc,
  IconLink,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBackFilled,
  IconPlayerSkipForwardFilled,
  IconPlayerTrackNextFilled,
  IconPlayerTrackPrevFilled,
  IconVolume,
  IconVolumeOff,
} from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { formatTimecode } from "../../../ui/format/duration.ts";
import { locale, words } from "../../../words/index.ts";
import { CopyMoment, TimeLink } from "./copy-moment.tsx";
import { PictureMenu } from "./picture-menu.tsx";
import type { Captions } from "./use-captions.ts";
import type { PictureHand } from "./use-picture-view.ts";
import { usePlayer, usePlayerState } from "./use-player.ts";

const say = words.evidence.transport;
const speeds = [0.1, 0.25, 0.5, 1, 1.5, 2, 4, 8, 16];

/** Our own controls: frame steps, the keys of an editing room, and time to the millisecond. */
export function Transport(props: {
  live: boolean;
  onFullscreen: () => void;
  captions: Captions;
  /** Null where there is no picture to look at more closely. */
  hand: PictureHand | null;
}): ReactElement {
  const player = usePlayer();
  const playing = usePlayerState((state) => state.playing);
  return (
    <div className="transport" role="group" aria-label={say.group}>
      <div className="transport-keys">
        <Key label={say.back} hint="J" icon={IconPlayerTrackPrevFilled} small onPress={() => player.shuttle(-1)} />
        <Key label={say.frameBack} hint="," icon={IconPlayerSkipBackFilled} small onPress={() => player.step(-1)} />
        <Key
          label={playing ? say.pause : say.play}
          hint="K"
          icon={playing ? IconPlayerPauseFilled : IconPlayerPlayFilled}
          onPress={() => player.toggle()}
        />
        <Key
          label={say.frameForward}
          hint="."
          icon={IconPlayerSkipForwardFilled}
          small
          onPress={() => player.step(1)}
        />
        <Key label={say.forward} hint="L" icon={IconPlayerTrackNextFilled} small onPress={() => player.shuttle(1)} />
      </div>
      <TimeNow live={props.live} />
      <StepsBy />
      <Speed />
      {props.live ? <ToLive /> : null}
      <span className="transport-space" />
      <Volume />
      {props.captions.there ? (
        <Key
          label={props.captions.shown ? say.captionsOff : say.captionsOn}
          hint="C"
          icon={IconBadgeCc}
          onPress={props.captions.toggle}
        />
      ) : null}
      {props.hand === null ? null : <PictureMenu hand={props.hand} />}
      <CopyMoment icon={IconLink} />
      <Key label={say.fullscreen} hint="F" icon={IconArrowsMaximize} onPress={props.onFullscreen} />
    </div>
  );
}

function Key(props: { label: string; hint: string; icon: Icon; small?: boolean; onPress: () => void }): ReactElement {
  const { icon: Glyph } = props;
  return (
    <Tooltip label={`${props.label} · ${props.hint}`} openDelay={400}>
      <ActionIcon
        className="stage-key"
        variant="subtle"
        size={36}
        onClick={props.onPress}
        aria-label={props.label}
        aria-keyshortcuts={props.hint}
      >
        <Glyph size={props.small === true ? 15 : 19} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}

function TimeNow(props: { live: boolean }): ReactElement {
  const duration = usePlayerState((state) => state.duration);
  const time = usePlayerState((state) => Math.round(state.time * 1000));
  const hours = duration >= 3600;
  return (
    <div className="transport-time mono" role="timer" aria-label={say.time}>
      <TimeLink>{formatTimecode(time / 1000, { hours })}</TimeLink>
      {props.live ? null : <span className="transport-whole"> / {formatTimecode(duration, { hours })}</span>}
    </div>
  );
}

/** After a step: how exact it was. */
function StepsBy(): ReactElement | null {
  const by = usePlayerState((state) => (state.playing ? "not-known" : state.stepsBy));
  if (by === "not-known") return null;
  return (
    <span className="transport-steps" role="status">
      {say.stepsBy[by]}
    </span>
  );
}

/** Back to what the camera sees now, after looking at what it saw before. */
function ToLive(): ReactElement {
  const player = usePlayer();
  const behind = usePlayerState((state) => Math.max(0, Math.round(state.duration - state.time)));
  const go = (): void => {
    player.seek(player.state().duration - 1);
    player.play();
  };
  const late = behind > 4;
  return (
    <Tooltip label={late ? say.toLive(behind) : say.atLive} openDelay={400}>
      <button
        type="button"
        className="stage-speed transport-live"
        onClick={go}
        aria-label={late ? say.toLive(behind) : say.atLive}
      >
        {late ? say.behind(behind) : say.atLive}
      </button>
    </Tooltip>
  );
}

function Speed(): ReactElement {
  const player = usePlayer();
  const rate = usePlayerState((state) => state.rate);
  const backwards = usePlayerState((state) => state.backwards);
  const shown = backwards > 0 ? `−${backwards}×` : `${rate.toLocaleString(locale(), { maximumFractionDigits: 2 })}×`;
  return (
    <Menu position="top" shadow="none" withinPortal={false}>
      <Menu.Target>
        <button type="button" className="stage-speed mono" aria-label={say.speed(shown)}>
          {shown}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {speeds.map((speed) => (
          <Menu.Item key={speed} onClick={() => player.setRate(speed)} className="mono" data-chosen={speed === rate}>
            {speed}×
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Volume(): ReactElement {
  const player = usePlayer();
  const volume = usePlayerState((state) => (state.muted ? 0 : state.volume));
  return (
    <div className="transport-volume">
      <Key
        label={volume === 0 ? say.unmute : say.mute}
        hint="V"
        icon={volume === 0 ? IconVolumeOff : IconVolume}
        onPress={() => player.toggleMuted()}
      />
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={volume}
        aria-label={say.volume}
        onChange={(event) => player.setVolume(Number(event.currentTarget.value))}
      />
    </div>
  );
}
