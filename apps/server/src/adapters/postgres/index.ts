export { type LoginRole, loginConfig, loginRoles, type LoginSecret, loginSecretOf } from "./login.ts";
export { appSql, type OpenDatabase, openDatabase, type OpenOptions } from "./open-database.ts";
export { keepAnswers } from "./kept-answers.ts";
export { schemaDrift } from "./describe-schema.ts";
export { PostgresError, type PostgresErrorCode } from "./postgres-error.ts";
export { setUpDatabase, type SetUpOptions } from "./set-up.ts";
