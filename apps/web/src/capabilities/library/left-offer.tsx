import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { words } from "../../words/index.ts";
import { chipsOf } from "./chips.ts";
import type { LibrarySearch } from "./search.ts";

const say = words.library.left;

/** The filters that somebody had last, named, to go on with or to forget. */
export function LeftOffer(props: {
  offered: LibrarySearch;
  nameOf: Parameters<typeof chipsOf>[1];
  onGo: (search: LibrarySearch) => void;
  onForget: () => void;
}): ReactElement {
  const chips = chipsOf(props.offered, props.nameOf, useMoments());
  return (
    <p className="left-offer small">
      <span>{say.had(chips.map(({ label }) => label))}</span>
      <button type="button" className="link-button small" onClick={() => props.onGo(props.offered)}>
        {say.goOn}
      </button>
      <button type="button" className="link-button small" onClick={props.onForget}>
        {say.forget}
      </button>
    </p>
  );
}
