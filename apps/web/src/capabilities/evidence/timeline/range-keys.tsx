import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBracketsContainEnd, IconBracketsContainStart, IconRepeat, IconX, type Icon } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { formatTimecode } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";
import { usePlayer, usePlayerState } from "../stage/use-player.ts";

/** Where a range begins and ends, and whether it is played again and again. */
export function RangeKeys(): ReactElement {
  const player = usePlayer();
  const from = usePlayerState((state) => state.rangeIn);
  const to = usePlayerState((state) => state.rangeOut);
  const looping = usePlayerState((state) => state.looping);
  const say = words.evidence.range;
  const chosen = from !== null || to !== null;
  return (
    <span className="lane-range-keys" role="group" aria-label={say.group}>
      <Key icon={IconBracketsContainStart} label={say.begin} hint="I" onPress={() => player.markIn()} />
      <Key icon={IconBracketsContainEnd} label={say.end} hint="O" onPress={() => player.markOut()} />
      <Key
        icon={IconRepeat}
        label={chosen ? say.loop : say.loopAll}
        hint="⇧L"
        on={looping}
        onPress={() => player.setLooping(!looping)}
      />
      {chosen ? (
        <>
          <span className="lane-range-said mono" role="status">
            {say.from(from === null ? null : formatTimecode(from), to === null ? null : formatTimecode(to))}
          </span>
          <Key icon={IconX} label={say.clear} hint="X" onPress={() => player.clearRange()} />
        </>
      ) : null}
    </span>
  );
}

function Key(props: { icon: Icon; label: string; hint: string; on?: boolean; onPress: () => void }): ReactElement {
  return (
    <Tooltip label={`${props.label} · ${props.hint}`} openDelay={400}>
      <ActionIcon
        className="stage-key"
        variant="subtle"
        size={26}
        onClick={props.onPress}
        aria-label={props.label}
        {...(props.on === undefined ? {} : { "aria-pressed": props.on })}
      >
        <props.icon size={15} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}
