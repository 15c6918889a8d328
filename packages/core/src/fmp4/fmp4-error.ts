/** Every refusal of the fMP4 reader, closed: adding a refusal means adding its code here. */
export type Fmp4ErrorCode =
  | "empty"
  | "too-large"
  // boxes
  | "box-truncated" // a box says it is longer than the bytes at hand
  | "box-size" // a size that no whole box can have (0, shorter than its header, 2^53 and more)
  | "box-unexpected"
  | "box-missing"
  | "box-repeated"
  | "box-version"
  | "too-many-boxes" // more of them side by side than any recording has
  | "number-too-large"
  // init segment
  | "init-has-samples"
  | "init-fragmentless" // no mvex: the file does not say that fragments follow
  | "external-data"
  | "codec-refused"
  | "track-invalid"
  | "track-repeated"
  | "too-many-tracks"
  | "no-media-track"
  // media fragment
  | "track-unknown"
  | "track-empty"
  | "base-offset"
  | "data-outside"
  | "data-overlap"
  | "too-many-samples"
  | "duration-invalid"
  | "not-key"
  // one after the other
  | "sequence"
  | "time-back"
  | "time-jump";

/** Why bytes are not the fMP4 they claim to be. Match on `code`, never on the message. */
export class Fmp4Error extends Error {
  override readonly name = "Fmp4Error";
  readonly code: Fmp4ErrorCode;

  constructor(code: Fmp4ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
