import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMe } from "../../app/me.ts";
import { reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { lentQuery } from "./acting.ts";
import { LendForm } from "./lend-form.tsx";
import { LentList } from "./lent-list.tsx";

const say = words.delegations;

/** On one's own page: what one lent and was lent. Nothing for whoever neither lends nor was lent anything. */
export function LentPanel(): ReactElement | null {
  const me = useMe();
  const may = useMay()("reach.lend");
  const [lending, setLending] = useState(false);
  const query = useQuery({ ...lentQuery(me.person?.id), enabled: me.person !== null && me.acting === null });
  const items = query.data?.items ?? [];
  if (me.acting !== null || (!may && items.length === 0)) return null;
  return (
    <section className="account-part" aria-labelledby="account-lent">
      <h2 id="account-lent">{say.title}</h2>
      <p className="small quiet">{say.why}</p>
      {query.isError ? (
        <p role="alert" className="account-problem">
          {reasonOf(query.error)}
        </p>
      ) : null}
      {query.isSuccess ? <LentList items={items} /> : null}
      {may ? (
        <div>
          <Button variant="default" onClick={() => setLending(true)}>
            {say.lend}
          </Button>
        </div>
      ) : null}
      <LendForm open={lending} onClose={() => setLending(false)} />
    </section>
  );
}
