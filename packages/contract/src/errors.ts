/**
 * Every code the API can answer with: HTTP status and the title a person reads.
 * Closed on purpose: a client may switch on it (RFC 9457).
 */
export const problems = {
  // who
  "not-signed-in": { status: 401, title: "Sign in to do this." },
  "not-allowed": { status: 403, title: "Your role does not allow this." },
  "not-found": { status: 404, title: "There is nothing here, or it is not yours to see." },
  "csrf-refused": { status: 403, title: "The request did not come from this site's own page." },
  "rate-limited": { status: 429, title: "Too many tries. Wait a little and try again." },
  "setup-link-used": { status: 410, title: "This set-up link was used or has expired." },
  // what was sent
  "request-malformed": { status: 400, title: "The request is not in the form this address expects." },
  "body-too-large": { status: 413, title: "More was sent than this address takes." },
  "media-type-unsupported": { status: 415, title: "This kind of content is not taken here." },
  "digest-mismatch": {
    status: 422,
    title: "The bytes that arrived do not match their declared hash. Send them again.",
  },
  "digest-missing": { status: 400, title: "A Content-Digest with sha-256 is required (RFC 9530)." },
  "client-too-slow": { status: 408, title: "The bytes came too slowly. What arrived whole is kept; go on from there." },
  "outcome-unknown": {
    status: 409,
    title: "The first try under this Idempotency-Key is not finished, or broke off. Look whether it was done.",
  },
  "key-reused": { status: 422, title: "This Idempotency-Key was used for another request. Choose a new one." },
  "table-unreadable": { status: 422, title: "This file cannot be read as a table. Nothing was taken from it." },
  "name-taken": { status: 409, title: "Something here has this name already. Choose another one." },
  // uploads (tus 1.0)
  "tus-version": { status: 412, title: "Only tus 1.0.0 is spoken here." },
  "offset-conflict": { status: 409, title: "The upload stands at another offset. Ask with HEAD and go on from there." },
  "upload-gone": { status: 410, title: "This upload ended or expired." },
  "upload-locked": { status: 423, title: "Another connection is sending to this upload." },
  "length-missing": { status: 400, title: "Say the file's length when you begin." },
  "file-empty": { status: 422, title: "This file holds no bytes. Nothing was stored." },
  "name-refused": { status: 422, title: "The file name cannot be used." },
  "checksum-mismatch": { status: 460, title: "The part that arrived does not match its checksum. Send it again." },
  "checksum-algorithm": { status: 400, title: "Checksums are taken as sha256 or sha1." },
  "hash-mismatch": { status: 422, title: "The whole file does not match the hash that was declared." },
  "format-unsupported": { status: 415, title: "This is not a format that is taken (MP4 or MOV today)." },
  // recordings
  "fragment-conflict": {
    status: 409,
    title: "Other bytes were already received under this number. The first are kept.",
  },
  "fragment-malformed": { status: 422, title: "This is not a whole fMP4 fragment." },
  "fragment-not-key": { status: 422, title: "The fragment does not begin on a key frame." },
  "fragment-time": { status: 422, title: "The fragment's time does not follow the one before it." },
  "fragment-gap": { status: 409, title: "An earlier fragment is missing. Send it first." },
  "init-missing": { status: 409, title: "Send the take's init segment first." },
  "init-malformed": { status: 422, title: "This is not an fMP4 init segment." },
  "take-closed": { status: 409, title: "This part is closed. Go on in a new one." },
  "recording-closed": { status: 409, title: "This recording is closed." },
  "recording-conflict": { status: 409, title: "This recording id belongs to another camera or was opened otherwise." },
  "device-busy": { status: 409, title: "Another camera is sending under this identity." },
  "track-malformed": { status: 422, title: "These positions cannot be read." },
  // evidence
  "range-unsatisfiable": { status: 416, title: "The file has no bytes in that range." },
  "shift-overlap": { status: 409, title: "Somebody else has this camera in that time. Check it in first." },
  "statement-first": { status: 423, title: "This is locked for you until your statement is recorded." },
  "not-stored-yet": { status: 409, title: "This is still being received or sealed." },
  "mention-refused": { status: 422, title: "Somebody named in the note is not among those who can see this item." },
  "range-outside": { status: 422, title: "This moment or range does not lie in that part of the recording." },
  // custody
  "log-size-unknown": { status: 404, title: "The log has no checkpoint of that size." },
  "not-logged-yet": { status: 409, title: "This entry waits for the next checkpoint." },
  // people and signing in
  "invitation-used": { status: 410, title: "This invitation was used, withdrawn or has expired. Ask for a new one." },
  "person-exists": { status: 409, title: "Somebody here has this e-mail already." },
  "password-weak": { status: 422, title: "This password is too easy to guess. Choose a longer or less common one." },
  "key-exceeds": { status: 403, title: "A key can do no more than you may yourself." },
  "sign-in-refused": { status: 401, title: "That e-mail and password do not go together. Check both and try again." },
  "sign-in-locked": {
    status: 429,
    title: "There were too many wrong tries for this account. It opens again by itself.",
  },
  "second-factor-needed": { status: 403, title: "Your second factor is needed before anything opens." },
  "notice-not-accepted": { status: 403, title: "Accept the notice for users of this system before anything opens." },
  "code-wrong": { status: 422, title: "That code is wrong, was used before or has expired. Take the next one." },
  "sign-in-expired": {
    status: 401,
    title: "This sign-in was begun too long ago. Begin again with e-mail and password.",
  },
  "passkey-refused": { status: 422, title: "That passkey could not be used here. Try again, or use another way." },
  "provider-unavailable": {
    status: 503,
    title: "Your organisation's sign-in does not answer. Try again in a while, or use another way.",
  },
  "factor-exists": { status: 409, title: "Codes are in use already. Remove them first to set up another app." },
  "last-factor": { status: 409, title: "Your role needs a second factor. Set up another one before you remove this." },
  "password-wrong": { status: 422, title: "That is not your password." },
  "session-locked": { status: 401, title: "This session is locked. Unlock it to go on where you were." },
  "last-admin": { status: 409, title: "Nobody would be left who manages people. Give somebody else that role first." },
  // sharing
  "share-ended": { status: 409, title: "This share has ended already. Nothing was changed." },
  // the machine
  "disk-full": { status: 507, title: "The disk is nearly full. Nothing was taken; nothing was lost." },
  "storage-failed": { status: 503, title: "The disk failed to keep the bytes. Send them again." },
  "storage-damaged": {
    status: 500,
    title: "What is stored does not match its hash. Do not rely on it; run the check.",
  },
  "wrong-node": { status: 421, title: "Another server holds the start of this. Try again." },
  busy: { status: 503, title: "The server is busy or starting. Try again shortly." },
  internal: { status: 500, title: "Something failed here. It was noted; nothing you sent earlier was lost." },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** An expected refusal. `detail` is for people and must hold no secrets; `extra` joins the problem document. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly extra: Readonly<Record<string, string | number | boolean | null>>;
  constructor(
    code: ProblemCode,
    detail?: string,
    options: { cause?: unknown; extra?: Record<string, string | number | boolean | null> } = {},
  ) {
    super(detail ?? problems[code].title, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.status = problems[code].status;
    this.extra = options.extra ?? {};
  }
}
