/** Structured operator log. Fields must hold no secrets, no evidence and no names of people. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
