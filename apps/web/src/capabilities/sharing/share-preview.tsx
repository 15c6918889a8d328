import type { MadeShare } from "@sworn/contract";
import { IconLock } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";

const say = words.sharing;

/** What the server says would happen: who gets what, and what is left out and why. */
export function SharePreview(props: {
  answer: MadeShare | undefined;
  asking: boolean;
  error: Error | null;
  keep: boolean;
  until: string;
  includeRestricted: boolean;
  onIncludeRestricted: (include: boolean) => void;
}): ReactElement {
  const { answer, asking, error, includeRestricted } = props;
  const allowed = answer?.restricted.filter((item) => item.allowed).length ?? 0;
  const refused = (answer?.restricted.length ?? 0) - allowed;
  return (
    <>
      <div className={`share-preview${asking ? " share-preview-asking" : ""}`} role="status">
        {error !== null ? (
          <p className="share-problem">{reasonOf(error)}</p>
        ) : answer === undefined ? (
          <p className="soft">{asking ? say.asking : say.choose}</p>
        ) : (
          <>
            <p>
              <b>
                {answer.shared.length === 0
                  ? say.wouldNothing
                  : say.would(
                      answer.people.map(({ name }) => name),
                      answer.shared.length,
                      props.keep,
                      props.until,
                    )}
              </b>
            </p>
            {allowed === 0 ? null : <Left locked>{say.restrictedMay(allowed)}</Left>}
            {refused === 0 ? null : <Left locked>{say.restrictedMayNot(refused)}</Left>}
            {answer.unfinished.length === 0 ? null : <Left>{say.unfinished(answer.unfinished.length)}</Left>}
            {answer.missing.length === 0 ? null : <Left>{say.missing(answer.missing.length)}</Left>}
          </>
        )}
      </div>
      {allowed > 0 || includeRestricted ? (
        <label className="share-choice">
          <input
            type="checkbox"
            checked={includeRestricted}
            onChange={(event) => props.onIncludeRestricted(event.currentTarget.checked)}
          />
          <span>{say.includeRestricted}</span>
        </label>
      ) : null}
    </>
  );
}

function Left(props: { children: string; locked?: boolean }): ReactElement {
  return (
    <p className="small share-left">
      {props.locked === true ? <IconLock size={14} className="mark-restricted" aria-hidden="true" /> : null}
      <span>{props.children}</span>
    </p>
  );
}
