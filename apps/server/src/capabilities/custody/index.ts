export { append, type AppendDeps, type Appended, appendOncePerQuarterHour } from "./append.ts";
export { LogError, type LogErrorCode } from "./log-error.ts";
export { actorOf, LOG_AGENCY, LOG_SUBJECT, type NewEvent, SERVICE_ID } from "./rules.ts";
