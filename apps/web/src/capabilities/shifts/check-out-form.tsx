import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useRef, useState, type ReactElement, type RefObject } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { choicesQuery, meant, refreshShifts, setBack, suggested } from "./shifts-query.ts";

const say = words.shifts;

/** A scanner types and presses Enter: from the camera on to the badge, and from the badge the camera is out. */
export function CheckOutForm(props: { onDone: (done: Done) => void }): ReactElement {
  const { onDone } = props;
  const choices = useQuery(choicesQuery);
  const [camera, setCamera] = useState("");
  const [badge, setBadge] = useState("");
  const cameraField = useRef<HTMLInputElement>(null);
  const badgeField = useRef<HTMLInputElement>(null);
  const people = choices.data?.people ?? [];
  const finish = async (done: Done): Promise<void> => {
    setCamera("");
    setBadge("");
    cameraField.current?.focus();
    onDone(done);
    await refreshShifts();
  };
  const checkOut = useMutation({
    mutationFn: async () => {
      if (badge.trim() === "") throw new Error(say.scanBadge);
      return await sworn.shifts.checkOut({ device: camera.trim(), person: meant(badge, people) });
    },
    onSuccess: (made) =>
      finish({
        text: say.wasOut(made.device.name, made.person.name),
        undo: async () => {
          await sworn.shifts.change(made.id, { withdrawn: true });
          await refreshShifts();
          return say.undone;
        },
      }),
  });
  const checkIn = useMutation({
    mutationFn: async () => {
      if (camera.trim() === "") throw new Error(say.scanCamera);
      return await sworn.shifts.checkIn(camera.trim());
    },
    onSuccess: (ended) =>
      finish({
        text: say.wasIn(ended.device.name),
        undo: async () => {
          await setBack({ ...ended, to: null });
          return say.undone;
        },
      }),
  });
  const clear = (): void => {
    checkOut.reset();
    checkIn.reset();
  };
  const problem = choices.error ?? checkOut.error ?? checkIn.error;
  return (
    <form
      className="shift-desk"
      onSubmit={(event) => {
        event.preventDefault();
        clear();
        if (camera.trim() !== "" && badge.trim() === "") badgeField.current?.focus();
        else checkOut.mutate();
      }}
    >
      <Scanned
        label={say.camera}
        hint={say.cameraHint}
        field={cameraField}
        value={camera}
        onValue={setCamera}
        choices={(choices.data?.devices ?? []).map(({ name }) => name)}
      />
      <Scanned
        label={say.badge}
        field={badgeField}
        value={badge}
        onValue={setBadge}
        choices={people.map((one) => suggested(one))}
      />
      <div className="shift-desk-act">
        <Button type="submit" loading={checkOut.isPending}>
          {say.checkOut}
        </Button>
        <Button
          variant="default"
          loading={checkIn.isPending}
          onClick={() => {
            clear();
            checkIn.mutate();
          }}
        >
          {say.checkIn}
        </Button>
      </div>
      {problem === null ? null : (
        <p role="alert" className="add-problem">
          {reasonOf(problem)}
        </p>
      )}
    </form>
  );
}

function Scanned(props: {
  label: string;
  hint?: string;
  field: RefObject<HTMLInputElement | null>;
  value: string;
  onValue: (value: string) => void;
  choices: readonly string[];
}): ReactElement {
  const id = useId();
  return (
    <label className="field">
      <span className="field-name">{props.label}</span>
      <input
        ref={props.field}
        className="field-select"
        list={id}
        value={props.value}
        required={props.hint !== undefined}
        placeholder={props.hint}
        maxLength={100}
        autoComplete="off"
        onChange={(event) => props.onValue(event.currentTarget.value)}
      />
      <datalist id={id}>
        {props.choices.map((choice) => (
          <option key={choice} value={choice} />
        ))}
      </datalist>
    </label>
  );
}
