import type { ReactElement, ReactNode } from "react";
import "./door-page.css";

/** The screens before the frame: one column, one job. */
export function DoorPage(props: { title: string; lead?: string; children: ReactNode }): ReactElement {
  return (
    <main className="door" id="content">
      <div className="door-sheet">
        <img src="/mark.svg" alt="" width={40} height={40} />
        <h1>{props.title}</h1>
        {props.lead === undefined ? null : <p className="soft">{props.lead}</p>}
        {props.children}
      </div>
    </main>
  );
}
