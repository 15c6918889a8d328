import { Link } from "@tanstack/react-router";
import { useEffect, type ReactElement } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { words } from "../words/index.ts";
import "./keyboard-help.css";

/** "?" anywhere: every key that works, by screen. */
export function KeyboardHelp(props: { open: boolean; onOpen: () => void; onClose: () => void }): ReactElement {
  const { onOpen } = props;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea") !== null;
      if (event.key === "?" && !typing) onOpen();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [onOpen]);
  return (
    <Dialog open={props.open} onClose={props.onClose} title={words.frame.keyboard}>
      <div className="keys">
        {words.frame.keys.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.keys.map(([keys, does]) => (
                <div key={does}>
                  <dt>
                    {keys.split(" ").map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="small">
        <Link to="/design" onClick={props.onClose}>
          {words.design.link}
        </Link>
      </p>
    </Dialog>
  );
}
