export * from "./classification.ts";
export * from "./custody.ts";
export * from "./errors.ts";
export * from "./event-kinds.ts";
export * from "./evidence.ts";
export * from "./intake.ts";
export * from "./people.ts";
export * from "./permissions.ts";
