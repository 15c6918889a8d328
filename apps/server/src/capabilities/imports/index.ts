export { answerOf, type ImportDeps, keepImport, type Opened, openImport, writes } from "./open-import.ts";
export { errorOf, type Row, RowRefusal } from "./read-rows.ts";
