import { Button } from "@mantine/core";
import type { SignInNotice } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconShieldExclamation } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useMe, useMoments } from "../../app/me.ts";
import { queries, sworn } from "../../app/server.ts";
import type { Moments } from "../../ui/format/moment.ts";
import { words } from "../../words/index.ts";
import "./notice-banner.css";

const say = words.people.notices;
const key = ["sign-in-notices"];

/** What happened to one's own account while one was away, until it was seen. The latest; seeing it sees those before. */
export function NoticeBanner(): ReactElement | null {
  const me = useMe();
  const moments = useMoments();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => sworn.signIn.notices(signal),
    enabled: me.person !== null,
    staleTime: 300_000,
  });
  const see = useMutation({
    mutationFn: (id: string) => sworn.signIn.seeNotice(id),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  const [latest] = query.data ?? [];
  if (latest === undefined) return null;
  return (
    <section className="notice-banner" aria-label={say.title}>
      <IconShieldExclamation size={18} aria-hidden="true" />
      <p>{sentenceOf(latest, moments)}</p>
      <div className="notice-banner-acts">
        <Button size="compact-sm" variant="default" component={Link} to="/account">
          {say.toAccount}
        </Button>
        <Button size="compact-sm" variant="default" loading={see.isPending} onClick={() => see.mutate(latest.id)}>
          {say.seen}
        </Button>
      </div>
    </section>
  );
}

function sentenceOf(notice: SignInNotice, moments: Moments): string {
  const at = moments.full(notice.at);
  return notice.kind === "locked-out"
    ? say.lockedOut(at, moments.full(notice.until ?? notice.at))
    : say.factorsReset(at);
}
