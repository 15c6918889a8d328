import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { words } from "../../../words/index.ts";
import { brightest, closer, closest, leastLight, lit, mostContrast, plainView } from "./picture-view.ts";
import type { PictureHand } from "./use-picture-view.ts";

/** Brighter, more contrast, closer: for whoever has no wheel and does not know the keys. */
export function PictureMenu(props: { hand: PictureHand }): ReactElement {
  const { view, change } = props.hand;
  const say = words.evidence.view;
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="top-end" shadow="none" withinPortal={false} trapFocus>
      <Popover.Target>
        <Tooltip label={say.title} openDelay={400} disabled={open}>
          <ActionIcon
            className="stage-key"
            variant="subtle"
            size={36}
            aria-label={say.title}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <IconAdjustments size={19} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className="stage-menu" aria-label={say.title}>
        <Slide
          name={say.brightness}
          value={view.brightness}
          least={leastLight}
          most={brightest}
          onChange={(brightness) => change((now) => lit(now, { brightness }))}
        />
        <Slide
          name={say.contrast}
          value={view.contrast}
          least={leastLight}
          most={mostContrast}
          onChange={(contrast) => change((now) => lit(now, { contrast }))}
        />
        <Slide
          name={say.zoom}
          value={view.scale}
          least={1}
          most={closest}
          onChange={(scale) => change((now) => closer(now, scale / now.scale))}
        />
        <p className="small">{say.only}</p>
        <button type="button" className="stage-speed" onClick={() => change(() => plainView)}>
          {say.reset}
        </button>
      </Popover.Dropdown>
    </Popover>
  );
}

function Slide(props: {
  name: string;
  value: number;
  least: number;
  most: number;
  onChange: (value: number) => void;
}): ReactElement {
  const shown = `${Number(props.value.toFixed(2))}×`;
  return (
    <label className="stage-slide">
      <span>{props.name}</span>
      <input
        type="range"
        min={props.least}
        max={props.most}
        step={0.05}
        value={props.value}
        aria-valuetext={shown}
        onChange={(event) => props.onChange(Number(event.currentTarget.value))}
      />
      <span className="mono">{shown}</span>
    </label>
  );
}
