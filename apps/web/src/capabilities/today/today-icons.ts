import type { TodayKind } from "@sworn/contract";
import { IconFileAlert, IconFlag, IconKey, IconMovieOff, IconTags, IconUpload, type Icon } from "@tabler/icons-react";

export const icons: Readonly<Record<TodayKind, Icon>> = {
  uncategorised: IconTags,
  "hold-review": IconFlag,
  "upload-unfinished": IconUpload,
  incomplete: IconFileAlert,
  "not-playable": IconMovieOff,
  "recovery-sheet": IconKey,
};
