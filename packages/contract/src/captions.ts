import { z } from "zod";

/** WebVTT as somebody wrote it. Kept are times and plain texts. */
export const AddCaptions = z.strictObject({
  vtt: z
    .string()
    .min(6)
    .max(512 * 1024)
    .regex(/^[^\0]*$/u),
});
export const CaptionsAdded = z.object({ cues: z.int() });
