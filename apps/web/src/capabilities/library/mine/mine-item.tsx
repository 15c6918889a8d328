import { Button, TextInput } from "@mantine/core";
import type { Evidence } from "@sworn/contract";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { useMay } from "../../../app/me.ts";
import { categoriesQuery } from "../../../app/organisation-queries.ts";
import { reasonOf } from "../../../app/server.ts";
import { words } from "../../../words/index.ts";
import { GuardMarks } from "../item-marks.tsx";
import { Poster } from "../poster.tsx";
import { CategoryKeys } from "./category-keys.tsx";
import { MineFacts } from "./mine-facts.tsx";
import { type Saved, saveOne } from "./save-one.ts";
import { useMineKeys } from "./use-mine-keys.ts";
import "../item.css";

const say = words.mine;

/** One item: what is known of it, and what it is, with a thumb or with keys. */
export function MineItem(props: {
  item: Evidence;
  /** The first one leaves the focus where it is. */
  first: boolean;
  onSaved: (item: Evidence, saved: Saved, text: string) => void;
  onSkip: () => void;
}): ReactElement {
  const { item, first, onSaved, onSkip } = props;
  const mayAdd = useMay()("incident.add");
  const categories = useQuery(categoriesQuery);
  const open = (categories.data?.items ?? []).filter(({ archivedAt }) => archivedAt === null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [number, setNumber] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (first) return;
    title.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [first]);
  const save = useMutation({
    mutationFn: async () => {
      if (chosen.length === 0) throw new Error(say.chooseFirst);
      return await saveOne(item, chosen, number.trim());
    },
    onSuccess: (saved) => {
      const names = open.filter(({ id }) => chosen.includes(id)).map(({ name }) => name);
      onSaved(item, saved, say.saved(item.title, names.join(", "), number.trim()));
    },
  });
  const toggle = (id: string | undefined): void => {
    if (id === undefined || save.isPending) return;
    save.reset();
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  };
  const skip = (): void => {
    if (!save.isPending) onSkip();
  };
  useMineKeys({
    onCategory: (index) => toggle(open[index]?.id),
    onSave: () => form.current?.requestSubmit(),
    onSkip: skip,
  });
  const problem = categories.error ?? save.error;
  return (
    <form
      ref={form}
      className="mine-item"
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending) save.mutate();
      }}
    >
      <section className="mine-about" aria-label={say.facts}>
        <Link to="/evidence/$id" params={{ id: item.id }} className="mine-picture">
          <span className="sr-only">{say.watch}</span>
          <Poster evidence={item}>
            <GuardMarks evidence={item} />
          </Poster>
        </Link>
        <h2 ref={title} tabIndex={-1}>
          {item.title}
        </h2>
        <MineFacts item={item} />
      </section>
      <div className="mine-say">
        <CategoryKeys categories={open} loaded={categories.isSuccess} chosen={chosen} onToggle={toggle} />
        {mayAdd ? (
          <TextInput
            size="md"
            label={say.number}
            description={say.numberHint}
            value={number}
            maxLength={60}
            autoComplete="off"
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
        ) : null}
        <div className="mine-end">
          {problem === null ? null : (
            <p role="alert" className="mine-problem">
              {reasonOf(problem)}
            </p>
          )}
          <Button size="md" variant="default" aria-keyshortcuts="s" onClick={skip}>
            {say.skip}
            <kbd aria-hidden="true">S</kbd>
          </Button>
          <Button size="md" type="submit" aria-keyshortcuts="Enter" loading={save.isPending}>
            {say.save}
            <kbd aria-hidden="true">↵</kbd>
          </Button>
        </div>
      </div>
    </form>
  );
}
