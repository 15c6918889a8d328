import type { UploadStatus } from "@sworn/contract";
import type { Upload } from "./upload-store.ts";

/** An upload as its sender sees it. */
export function describeUpload(upload: Upload): UploadStatus {
  return {
    id: upload.id,
    state: upload.state,
    name: upload.name,
    length: upload.length,
    received: upload.received,
    checked: upload.checked,
    evidenceId: upload.evidence_id,
    alreadyHeld: upload.already_held,
    code: upload.code,
    detail: upload.detail,
    media:
      upload.state !== "stored" || upload.media_state === null
        ? null
        : { state: upload.media_state, code: upload.media_code, detail: upload.media_detail },
    expiresAt: upload.state === "receiving" ? (upload.expires_at?.toISOString() ?? null) : null,
  };
}
