import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconKey, IconPrinter } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { meQuery, useMay, useMe } from "../../app/me.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { words } from "../../words/index.ts";
import "./recovery-banner.css";

const say = words.people.recovery;

/** Stands until the sheet was made: calm, but on every screen of whoever can make it. */
export function RecoveryBanner(): ReactElement | null {
  const me = useMe();
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (me.recoverySheetMade || !may("recovery.manage")) return null;
  return (
    <div className="recovery" role="status">
      <IconKey size={18} aria-hidden="true" />
      <p>{say.banner}</p>
      <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
        {say.make}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={say.title}>
        <RecoverySheet onDone={() => setOpen(false)} />
      </Dialog>
    </div>
  );
}

function RecoverySheet(props: { onDone: () => void }): ReactElement {
  const sheet = useMutation({
    mutationFn: async () => {
      const response = await sworn.http.call("POST", sworn.http.url("/api/v1/recovery-sheet"), {
        headers: { accept: "text/plain" },
        idempotencyKey: null, // an answer that opens everything is kept nowhere
      });
      return response.text();
    },
    // The words open everything: they must not stay in a cache after the dialog closes.
    gcTime: 0,
  });
  const confirm = useMutation({
    mutationFn: () => sworn.http.call("POST", sworn.http.url("/api/v1/recovery-sheet/confirm")),
    onSuccess: async () => {
      props.onDone();
      await queries.invalidateQueries(meQuery);
    },
  });
  const problem = sheet.error ?? confirm.error;
  return (
    <div className="sheet">
      <p className="soft column">{say.lead}</p>
      {sheet.data === undefined ? (
        <>
          <p className="small quiet">{say.shownOnce}</p>
          <Button onClick={() => sheet.mutate()} loading={sheet.isPending}>
            {say.show}
          </Button>
        </>
      ) : (
        <>
          <pre className="sheet-text mono" tabIndex={0} aria-label={say.title}>
            {sheet.data}
          </pre>
          <div className="calm-actions">
            <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
              {say.print}
            </Button>
            <Button onClick={() => confirm.mutate()} loading={confirm.isPending}>
              {say.confirm}
            </Button>
            <Button variant="subtle" color="gray" className="soft" onClick={props.onDone}>
              {say.later}
            </Button>
          </div>
        </>
      )}
      {problem === null ? null : (
        <p role="alert" className="door-problem">
          {reasonOf(problem)}
        </p>
      )}
    </div>
  );
}
