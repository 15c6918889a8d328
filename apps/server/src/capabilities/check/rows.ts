import type { Selectable } from "kysely";

import type { FileTable, FragmentTable, SpanTable } from "../../ports/tables.ts";

/** Rows as they are read. */
export type FileRow = Selectable<FileTable>;
export type FragmentRow = Selectable<FragmentTable>;
export type SpanRow = Selectable<SpanTable>;
