import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { words } from "../../words/index.ts";

/** What can be done with one row; each step asks in a dialog of its own. */
export function RowMenu(props: {
  name: string;
  steps: readonly (readonly [label: string, begin: () => void])[];
}): ReactElement {
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-end" shadow="none" width={220}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={words.admin.change(props.name)}
          rightSection={<IconChevronDown size={12} aria-hidden="true" />}
        >
          {words.admin.changeShort}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.steps.map(([label, begin]) => (
          <Menu.Item key={label} onClick={begin}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
