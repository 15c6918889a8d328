import { Button } from "@mantine/core";
import type { Task } from "@sworn/contract";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useMay, useMe, useMoments } from "../../app/me.ts";
import { peopleQuery } from "../../app/organisation-queries.ts";
import { reasonOf } from "../../app/server.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { textOf } from "../../ui/form-field.ts";
import { formatDay } from "../../ui/format/day.ts";
import { words } from "../../words/index.ts";
import { wordsOf } from "../custody/sentence-for.ts";
import { clientOf, type MatterOf, refreshMatters } from "./incident-queries.ts";

const say = words.incidents;
const keyOf = (of: MatterOf, part: string): readonly string[] => ["matters", of.kind, of.id, part];
const useWrites = (of: MatterOf): boolean => useMay()(of.kind === "incident" ? "incident.add" : "case.manage");

/** What is to be done, and by when. */
export function Tasks(props: { of: MatterOf }): ReactElement {
  const { of } = props;
  const moments = useMoments();
  const writes = useWrites(of);
  const query = useQuery({ queryKey: keyOf(of, "tasks"), queryFn: ({ signal }) => clientOf(of).tasks(of.id, signal) });
  const me = useMe().person;
  // Who may list people may give a task to any of them; everybody may take one.
  const knowsPeople = useMay()("person.manage");
  const listed = useQuery({ ...peopleQuery, enabled: knowsPeople });
  const people = (listed.data ?? []).filter(({ disabledAt }) => disabledAt === null);
  const add = useMutation({
    mutationFn: async (form: HTMLFormElement) => {
      const data = new FormData(form);
      const due = textOf(data, "due");
      const owner = textOf(data, "owner");
      await clientOf(of).createTask(of.id, {
        words: textOf(data, "task"),
        ownerId: owner === "" ? null : owner,
        dueOn: due === "" ? null : due,
      });
      form.reset();
      await refreshMatters();
    },
  });
  const mark = useMutation({
    mutationFn: async (task: Task) => {
      await clientOf(of).changeTask(of.id, task.id, { done: task.doneAt === null });
      await refreshMatters();
    },
  });
  const problem = query.error ?? add.error ?? mark.error;
  const factsOf = (task: Task): string =>
    [
      ...(task.owner === null ? [] : [task.owner.name]),
      ...(task.dueOn === null || task.doneAt !== null ? [] : [say.dueOn(formatDay(task.dueOn))]),
      ...(task.doneAt === null ? [] : [say.done(task.doneBy ?? say.somebody, moments.full(task.doneAt))]),
    ].join(" · ");
  return (
    <section className="panel" aria-labelledby="tasks-title">
      <h2 id="tasks-title">{say.tasks}</h2>
      {problem === null ? null : <p role="alert">{reasonOf(problem)}</p>}
      {query.data?.length === 0 ? <p className="soft">{say.tasksNone}</p> : null}
      <ul className="matter-items">
        {(query.data ?? []).map((task) => (
          <li key={task.id}>
            <label className="matter-check">
              <input
                type="checkbox"
                // Shown at once; a refusal shows it as it was.
                checked={(task.doneAt !== null) !== (mark.isPending && mark.variables.id === task.id)}
                disabled={!writes || mark.isPending}
                onChange={() => mark.mutate(task)}
                aria-label={say.taskDone(task.words)}
              />
              <span className="matter-item">
                <span className={task.doneAt === null ? "" : "matter-task-done"}>{task.words}</span>
                <span className="small soft">{factsOf(task)}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      {writes ? (
        <form
          className="matter-write"
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(event.currentTarget);
          }}
        >
          <label className="field matter-write-words">
            <span className="field-name">{say.task}</span>
            <input name="task" className="field-select" required maxLength={500} autoComplete="off" />
          </label>
          <label className="field">
            <span className="field-name">{say.due}</span>
            <input type="date" name="due" className="field-select" />
          </label>
          {me === null ? null : (
            <SelectField
              label={say.taskFor}
              name="owner"
              choices={[
                { value: "", name: say.taskForNobody },
                { value: me.id, name: say.taskForMe },
                ...people.filter(({ id }) => id !== me.id).map(({ id, name }) => ({ value: id, name })),
              ]}
            />
          )}
          <Button type="submit" variant="default" loading={add.isPending}>
            {say.addTask}
          </Button>
        </form>
      ) : null}
    </section>
  );
}

/** Notes stay as they were written; newest first. */
export function Notes(props: { of: MatterOf }): ReactElement {
  const { of } = props;
  const moments = useMoments();
  const writes = useWrites(of);
  const query = useInfiniteQuery({
    queryKey: keyOf(of, "notes"),
    queryFn: ({ pageParam, signal }) => clientOf(of).notes(of.id, pageParam === "" ? {} : { next: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const add = useMutation({
    mutationFn: async (form: HTMLFormElement) => {
      await clientOf(of).writeNote(of.id, textOf(new FormData(form), "note"));
      form.reset();
      await refreshMatters();
    },
  });
  const notes = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const problem = query.error ?? add.error;
  return (
    <section className="panel" aria-labelledby="notes-title">
      <h2 id="notes-title">{say.notes}</h2>
      {problem === null ? null : <p role="alert">{reasonOf(problem)}</p>}
      {writes ? (
        <form
          className="matter-note"
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(event.currentTarget);
          }}
        >
          <label className="field">
            <span className="field-name">{say.note}</span>
            <textarea name="note" className="field-text" rows={3} required maxLength={4000} />
          </label>
          <div className="matter-write">
            <span className="small quiet matter-write-words">{say.noteHint}</span>
            <Button type="submit" variant="default" loading={add.isPending}>
              {say.addNote}
            </Button>
          </div>
        </form>
      ) : null}
      {query.isSuccess && notes.length === 0 ? <p className="soft">{say.notesNone}</p> : null}
      <ul className="matter-items">
        {notes.map((note) => (
          <li key={note.id}>
            <span className="matter-item">
              <span className="matter-words">{note.words}</span>
              <span className="small soft">
                {note.author ?? say.somebody} · {moments.full(note.at)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button size="compact-sm" variant="default" onClick={() => void query.fetchNextPage()}>
          {say.more}
        </Button>
      ) : null}
    </section>
  );
}

/** Footage when it was recorded, papers when they were written: oldest first. */
export function TimelineList(props: { of: MatterOf }): ReactElement {
  const { of } = props;
  const moments = useMoments();
  const query = useInfiniteQuery({
    queryKey: keyOf(of, "timeline"),
    queryFn: ({ pageParam, signal }) =>
      clientOf(of).timeline(of.id, pageParam === "" ? {} : { next: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return (
    <section className="panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{say.timeline}</h2>
      {query.isError ? <p role="alert">{reasonOf(query.error)}</p> : null}
      <ol className="matter-line">
        {(query.data?.pages.flatMap(({ items }) => items) ?? []).map((entry) => (
          <li key={entry.id} className={`matter-line-${entry.kind}`}>
            <time className="mono small" dateTime={entry.at}>
              {moments.full(entry.at)}
            </time>
            <span className="matter-item">
              <span className="small quiet">
                {[say.timelineKind[entry.kind], ...(entry.by === null ? [] : [entry.by])].join(" · ")}
              </span>
              {entry.kind === "evidence" ? (
                <Link to="/evidence/$id" params={{ id: entry.id }}>
                  {entry.words}
                </Link>
              ) : (
                <span className="matter-words">{wordsOf(entry)}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {query.hasNextPage ? (
        <Button size="compact-sm" variant="default" onClick={() => void query.fetchNextPage()}>
          {say.more}
        </Button>
      ) : null}
    </section>
  );
}
