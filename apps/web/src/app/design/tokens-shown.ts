import {
  IconAlertOctagon,
  IconArrowRight,
  IconBroadcast,
  IconCamera,
  IconCircleCheck,
  IconClockHour4,
  IconDownload,
  IconFlag,
  IconInfoCircle,
  IconLayoutGrid,
  IconLink,
  IconLock,
  IconMap,
  IconNote,
  IconPlayerRecord,
  IconScissors,
  IconSearch,
  IconSettings,
  IconShieldCheck,
  IconTags,
  IconTrash,
  IconUpload,
  type Icon,
} from "@tabler/icons-react";
import type { Tone } from "../../ui/state-mark.tsx";

/** Names of the custom properties of ui/tokens.css. */
export const ground = ["paper", "sheet", "sunk", "ink", "ink-2", "ink-3", "hair", "hair-2", "accent", "accent-wash"];
export const stage = ["stage", "stage-2", "stage-3", "stage-hair", "stage-ink", "stage-ink-2", "stage-accent"];
export const sizes = [12, 14, 16, 20, 28] as const;

export const states = [
  ["recording", IconPlayerRecord],
  ["live", IconBroadcast],
  ["verified", IconCircleCheck],
  ["held", IconFlag],
  ["restricted", IconLock],
  ["disposed", IconTrash],
  ["problem", IconAlertOctagon],
  ["accent", IconArrowRight],
  ["neutral", IconInfoCircle],
] as const satisfies readonly (readonly [Tone, Icon])[];

export const glyphs: readonly Icon[] = [
  IconLayoutGrid,
  IconSearch,
  IconUpload,
  IconDownload,
  IconCamera,
  IconScissors,
  IconNote,
  IconTags,
  IconMap,
  IconClockHour4,
  IconLink,
  IconShieldCheck,
  IconSettings,
];
