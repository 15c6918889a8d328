import { IconEye } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { words } from "../../../words/index.ts";
import { isLit, isPlain, plainView } from "./picture-view.ts";
import type { PictureHand } from "./use-picture-view.ts";

/** As long as the picture is not shown as it was recorded, it says so, and that only this screen shows it so. */
export function ViewNote(props: { hand: PictureHand }): ReactElement | null {
  const { view, change } = props.hand;
  const say = words.evidence.view;
  if (isPlain(view)) return null;
  const parts = [
    ...(view.scale > 1 ? [say.closer(view.scale)] : []),
    ...(isLit(view) ? [say.light(view.brightness, view.contrast)] : []),
  ];
  return (
    <div className="stage-view">
      <IconEye size={15} aria-hidden="true" />
      <span role="status">
        <b>{say.only}</b> {parts.join(" · ")}
      </span>
      <button type="button" onClick={() => change(() => plainView)}>
        {say.reset}
      </button>
    </div>
  );
}
