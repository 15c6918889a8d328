import { Button } from "@mantine/core";
import { SwornError } from "@sworn/sdk";
import { Link } from "@tanstack/react-router";
import { IconAlertTriangle, IconCloudOff, IconRefresh, IconSearchOff } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { CalmNote } from "../ui/calm-note.tsx";
import { words } from "../words/index.ts";
import { reasonOf } from "./server.ts";

/** What happened, what was kept, what to do. */
export function ProblemScreen(props: { error: unknown; onRetry: () => void }): ReactElement {
  const { error } = props;
  if (error instanceof SwornError && error.code === "not-found") return <NotFoundScreen />;
  const unreachable = error instanceof SwornError && (error.code === "network" || error.code === "timed-out");
  const refused = error instanceof SwornError && !unreachable;
  const said = reasonOf(error);
  return (
    <section className="page">
      <CalmNote
        role="alert"
        tone="problem"
        icon={unreachable ? IconCloudOff : IconAlertTriangle}
        title={
          <h1 className="problem-title">
            {unreachable ? words.frame.unreachableTitle : refused ? said : words.frame.brokenTitle}
          </h1>
        }
        actions={
          <Button variant="default" size="compact-md" onClick={props.onRetry} leftSection={<IconRefresh size={14} />}>
            {words.frame.retry}
          </Button>
        }
      >
        {unreachable ? (
          words.frame.unreachableBody
        ) : refused ? null : (
          <>
            <p>{words.frame.brokenBody}</p>
            <p className="mono small">{said}</p>
          </>
        )}
      </CalmNote>
    </section>
  );
}

export function NotFoundScreen(): ReactElement {
  return (
    <section className="page">
      <CalmNote
        icon={IconSearchOff}
        title={<h1 className="problem-title">{words.frame.notFoundTitle}</h1>}
        actions={
          <Link to="/library" search={{}}>
            {words.frame.back}
          </Link>
        }
      >
        {words.frame.notFoundBody}
      </CalmNote>
    </section>
  );
}
