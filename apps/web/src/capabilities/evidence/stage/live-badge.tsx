import { IconPointFilled } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { words } from "../../../words/index.ts";

/** Red only because it records now. */
export function LiveBadge(): ReactElement {
  return (
    <div className="stage-live">
      <IconPointFilled size={16} aria-hidden="true" />
      {words.evidence.recordingNow}
    </div>
  );
}
