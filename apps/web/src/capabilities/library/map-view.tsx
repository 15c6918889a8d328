import type { MapCell } from "@sworn/contract";
import { Button, TextInput, useComputedColorScheme } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import type { LibraryFilter } from "./filter.ts";
import { MapSheet, type Box } from "./map-sheet.tsx";
import { changed, type LibrarySearch } from "./search.ts";
import { addressOfShape, isWhole, ringsOf, shapes, type Point, type Shape } from "./shapes.ts";
import "./map-view.css";

const say = words.library.map;

/** The same result on the map: marks gathered by the server, a place to draw, and a form that needs no pointer. */
export default function MapView(props: {
  search: LibrarySearch;
  filter: LibraryFilter;
  onGo: (search: LibrarySearch) => void;
}): ReactElement {
  const { search, filter, onGo } = props;
  const navigate = useNavigate();
  const scheme = useComputedColorScheme("light");
  const [box, setBox] = useState<Box | null>(null);
  const [drawing, setDrawing] = useState<Shape | null>(null);
  const [points, setPoints] = useState<readonly Point[]>([]);
  const view = box?.join(",") ?? "-180,-85,180,85";
  const found = useQuery({
    queryKey: ["library", "map", filter, view],
    queryFn: ({ signal }) => sworn.evidence.map({ ...filter, view }, signal),
    placeholderData: keepPreviousData,
  });
  const settle = (shape: Shape, corners: readonly Point[]): void => {
    const text = addressOfShape(shape, corners);
    setDrawing(null);
    setPoints([]);
    if (text !== null) onGo(changed(search, { bbox: undefined, near: undefined, area: undefined, [shape]: text }));
  };
  const click = (point: Point): void => {
    if (drawing === null) return;
    const next = [...points, point];
    if (isWhole(drawing, next)) settle(drawing, next);
    else setPoints(next);
  };
  const openCell = (cell: MapCell): void => {
    if (cell.evidence !== null) void navigate({ to: "/evidence/$id", params: { id: cell.evidence.id } });
    else {
      const around = [cell.west, cell.south, cell.east, cell.north].map((degrees) => Number(degrees.toFixed(5)));
      onGo(changed(search, { as: "list", near: undefined, area: undefined, bbox: around.join(",") }));
    }
  };
  const place = search.bbox ?? search.near ?? search.area;
  return (
    <div className="map-view">
      <div className="map-tools">
        <div className="map-draw" role="group" aria-label={say.draw}>
          {shapes.map((shape) => (
            <Button
              key={shape}
              size="compact-sm"
              variant="default"
              aria-pressed={drawing === shape}
              onClick={() => {
                setPoints([]);
                setDrawing(drawing === shape ? null : shape);
              }}
            >
              {say.shapes[shape]}
            </Button>
          ))}
          {drawing === "area" && points.length > 2 ? (
            <Button size="compact-sm" onClick={() => settle("area", points)}>
              {say.finish}
            </Button>
          ) : null}
          {place === undefined ? null : (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onGo(changed(search, { bbox: undefined, near: undefined, area: undefined }))}
            >
              {say.clear}
            </Button>
          )}
        </div>
        <p className="small quiet" role="status">
          {drawing === null
            ? found.isError
              ? reasonOf(found.error)
              : found.data === undefined
                ? words.frame.loading
                : found.data.counted === 0
                  ? say.none
                  : say.counted(found.data.counted, found.data.capped)
            : say.hints[drawing]}
        </p>
      </div>
      <MapSheet
        cells={found.data?.cells ?? []}
        rings={ringsOf(search)}
        draft={points}
        drawing={drawing !== null}
        scheme={scheme}
        onMove={setBox}
        onClick={click}
        onCell={openCell}
      />
      <ByHand search={search} onGo={onGo} />
    </div>
  );
}

/** A place without a pointer: coordinates and how far around. */
function ByHand(props: { search: LibrarySearch; onGo: (search: LibrarySearch) => void }): ReactElement {
  const [lon = "", lat = "", metres = "500"] = props.search.near?.split(",") ?? [];
  return (
    <form
      key={props.search.near}
      className="map-by-hand"
      aria-label={say.byHand}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const near = ["lon", "lat", "metres"].map((name) => Number(textOf(form, name))).join(",");
        props.onGo(changed(props.search, { bbox: undefined, area: undefined, near }));
      }}
    >
      <TextInput name="lat" label={say.lat} type="number" step="any" min={-90} max={90} required defaultValue={lat} />
      <TextInput name="lon" label={say.lon} type="number" step="any" min={-180} max={180} required defaultValue={lon} />
      <TextInput
        name="metres"
        label={say.metres}
        type="number"
        min={1}
        max={1_000_000}
        required
        defaultValue={metres}
      />
      <Button type="submit" variant="default">
        {say.find}
      </Button>
    </form>
  );
}
