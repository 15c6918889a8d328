import type { TodayKind } from "@sworn/contract";
import {
  IconAt,
  IconChecklist,
  IconClockShare,
  IconFileAlert,
  IconFlag,
  IconKey,
  IconMovieOff,
  IconTags,
  IconTool,
  IconUpload,
  type Icon,
} from "@tabler/icons-react";

export const icons: Readonly<Record<TodayKind, Icon>> = {
  uncategorised: IconTags,
  "hold-review": IconFlag,
  "upload-unfinished": IconUpload,
  incomplete: IconFileAlert,
  "not-playable": IconMovieOff,
  mention: IconAt,
  task: IconChecklist,
  "share-ending": IconClockShare,
  "job-failed": IconTool,
  "recovery-sheet": IconKey,
};
