import type { ReactElement } from "react";
import { encode } from "uqr";

/** Made here, of vectors: what it holds never leaves the page. Dark on light in every look, for the cameras' sake. */
export function QrCode(props: { text: string; name: string }): ReactElement {
  const { size, data } = encode(props.text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg
      className="factor-qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={props.name}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
