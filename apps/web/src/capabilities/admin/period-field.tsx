import { TextInput } from "@mantine/core";
import type { RetentionPeriod } from "@sworn/contract";
import { useState, type ReactElement } from "react";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";

const say = words.admin.categories;

/** A number and its unit, or without end. Read back from the form with `periodOf`. */
export function PeriodField(props: { keep: RetentionPeriod }): ReactElement {
  const { keep } = props;
  const [unit, setUnit] = useState<string>(keep === "indefinite" ? "none" : keep.unit);
  return (
    <div className="period">
      <TextInput
        name="count"
        type="number"
        label={say.keep}
        min={1}
        max={36_500}
        step={1}
        required={unit !== "none"}
        disabled={unit === "none"}
        defaultValue={keep === "indefinite" ? "" : String(keep.count)}
      />
      <select
        name="unit"
        className="field-select"
        aria-label={say.unitField}
        value={unit}
        onChange={(event) => setUnit(event.currentTarget.value)}
      >
        {(["day", "month", "year", "none"] as const).map((each) => (
          <option key={each} value={each}>
            {say.units[each]}
          </option>
        ))}
      </select>
    </div>
  );
}

export function periodOf(form: FormData): RetentionPeriod {
  const unit = textOf(form, "unit");
  if (unit !== "day" && unit !== "month" && unit !== "year") return "indefinite";
  return { count: Number(textOf(form, "count")), unit };
}
