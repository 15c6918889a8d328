import type { Language } from "@sworn/contract";
import type { Tx } from "./database.ts";

/** What somebody is told outside of Sworn. No letter holds a title, a note or a picture: mail is read by many. */
export type Notice =
  /** Not a person yet; the link is theirs. */
  | {
      readonly kind: "invited";
      readonly to: { readonly name: string; readonly email: string };
      readonly url: string;
      readonly until: Date;
      readonly language: Language | null;
    }
  | { readonly kind: "shared"; readonly personId: string; readonly shareId: string; readonly until: Date }
  /** Sent at `at`, if the share still holds then. */
  | {
      readonly kind: "share-ending";
      readonly personId: string;
      readonly shareId: string;
      readonly until: Date;
      readonly at: Date;
    }
  /** Sent if they still see the item, and have not asked for no such letters. */
  | { readonly kind: "mentioned"; readonly personId: string; readonly evidenceId: string; readonly byId: string }
  /** For whoever was locked out after wrong tries; and, with `about`, for those who manage people. */
  | { readonly kind: "locked-out"; readonly personId: string; readonly until: Date; readonly about?: string };

/** Queues a letter on the caller's transaction. Where the deployment sends no mail it does nothing. */
export type Notify = (tx: Tx, agencyId: string, notice: Notice) => Promise<void>;
