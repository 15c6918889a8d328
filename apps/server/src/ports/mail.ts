/** A letter as it leaves: plain text, and the same as simple HTML. */
export interface Letter {
  readonly to: { readonly name: string; readonly address: string };
  /** Shown beside the sender's address, which is the deployment's. */
  readonly fromName: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Contract: resolves once a server has taken the letter. Names and subjects never become headers of their own. */
export interface Mail {
  /** Throws MailError. */
  send(letter: Letter): Promise<void>;
  close(): void;
}

export class MailError extends Error {
  override readonly name = "MailError";
  /** Refused for good: trying again is of no use. */
  readonly permanent: boolean;
  constructor(message: string, permanent: boolean, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.permanent = permanent;
  }
}
