import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

/** The languages that the screens speak. */
export const Language = z.enum(["en", "es"]);
export type Language = z.infer<typeof Language>;
/** Null: none chosen; the browser's is spoken. */
export const ChooseLanguage = z.strictObject({ language: Language.nullable() });

/** What the library's address may hold; everything a view keeps. */
export const librarySearchFields = [
  "q",
  "when",
  "from",
  "to",
  "is",
  "unit",
  "category",
  "person",
  "device",
  "kind",
  "state",
  "minSeconds",
  "maxSeconds",
  "bbox",
  "near",
  "area",
  "incident",
  "share",
  "as",
] as const;
const text = z
  .string()
  .min(1)
  .max(2000)
  .regex(/^[^\0]*$/u);
export const LibraryAddress = z.partialRecord(z.enum(librarySearchFields), text);

/** Who has a view in their list: its owner, people of a unit and of those below it, everybody of the agency. */
export const ViewReach = z.enum(["me", "unit", "agency"]);
export type ViewReach = z.infer<typeof ViewReach>;

export const SavedView = z.object({
  id: Id,
  name: z.string(),
  search: LibraryAddress,
  shared: ViewReach,
  /** The unit it is shared with. */
  unitId: Id.nullable(),
  owner: z.object({ id: Id, name: z.string() }),
  /** Yours to rename, share and remove. */
  mine: z.boolean(),
  createdAt: Instant,
});
export type SavedView = z.infer<typeof SavedView>;

/** `defaultId`: the view with which your library opens; `left`: how you last had it, on whatever machine. */
export const SavedViewList = z.object({
  items: z.array(SavedView),
  defaultId: Id.nullable(),
  left: LibraryAddress.nullable(),
});
export const LeaveLibrary = z.strictObject({ search: LibraryAddress });
export type SavedViewList = z.infer<typeof SavedViewList>;

const ViewName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{C}]*$/u);
export const SaveView = z.strictObject({
  name: ViewName,
  search: LibraryAddress,
  shared: ViewReach.default("me"),
});
export type SaveView = z.infer<typeof SaveView>;
export const ChangeView = z
  .strictObject({
    name: ViewName.optional(),
    search: LibraryAddress.optional(),
    shared: ViewReach.optional(),
    /** Removed, or taken back. */
    removed: z.boolean().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "nothing is changed");
export type ChangeView = z.infer<typeof ChangeView>;
export const ChooseDefaultView = z.strictObject({ viewId: Id.nullable() });
