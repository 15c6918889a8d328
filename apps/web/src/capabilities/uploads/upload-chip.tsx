import { Link } from "@tanstack/react-router";
import { IconUpload } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { words } from "../../words/index.ts";
import { useUploads } from "./use-uploads.ts";
import "./upload-page.css";

/** Uploads go on behind other screens; the top bar says so. */
export function UploadChip(): ReactElement | null {
  const moving = useUploads().filter((item) => item.phase === "sending" || item.phase === "waiting");
  if (moving.length === 0) return null;
  const size = moving.reduce((sum, item) => sum + item.size, 0);
  const done = moving.reduce((sum, item) => sum + item.done, 0);
  return (
    <Link to="/upload" className="upload-chip nums">
      <IconUpload size={14} aria-hidden="true" />
      {words.uploads.chip(moving.length, size === 0 ? 0 : Math.floor((done / size) * 100))}
    </Link>
  );
}
