/** How the picture is looked at: closer, moved, brighter. Only ever on this screen; the recording does not know. */
export interface PictureView {
  /** 1 to 8. */
  readonly scale: number;
  /** The middle of what is seen, in shares of the picture: 0.5 is its own middle. */
  readonly x: number;
  readonly y: number;
  readonly brightness: number;
  readonly contrast: number;
}
export const plainView: PictureView = { scale: 1, x: 0.5, y: 0.5, brightness: 1, contrast: 1 };
export const closest = 8;
export const brightest = 4;
export const leastLight = 0.5;
export const mostContrast = 3;

const between = (least: number, value: number, most: number): number => Math.max(least, Math.min(most, value));

/** Nothing beyond the picture's edges is ever shown. */
function kept(view: PictureView): PictureView {
  const scale = between(1, view.scale, closest);
  const edge = 0.5 / scale;
  return { ...view, scale, x: between(edge, view.x, 1 - edge), y: between(edge, view.y, 1 - edge) };
}

/** Closer by a factor; what stands under the point (0 to 1 across the frame) stays there. */
export function closer(view: PictureView, factor: number, point = { x: 0.5, y: 0.5 }): PictureView {
  const scale = between(1, view.scale * factor, closest);
  const shift = (at: number, middle: number): number => middle + (at - 0.5) * (1 / view.scale - 1 / scale);
  return kept({ ...view, scale, x: shift(point.x, view.x), y: shift(point.y, view.y) });
}

/** Moves what is seen by shares of the frame: to the right with a positive `right`. */
export function panned(view: PictureView, right: number, down: number): PictureView {
  return kept({ ...view, x: view.x + right / view.scale, y: view.y + down / view.scale });
}

export function lit(view: PictureView, light: { brightness?: number; contrast?: number }): PictureView {
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    ...view,
    brightness: round(between(leastLight, light.brightness ?? view.brightness, brightest)),
    contrast: round(between(leastLight, light.contrast ?? view.contrast, mostContrast)),
  };
}

export const isLit = ({ brightness, contrast }: PictureView): boolean => brightness !== 1 || contrast !== 1;
export const isPlain = (view: PictureView): boolean => view.scale === 1 && !isLit(view);

/** For the element that shows the picture; nothing at all where nothing was changed. */
export function pictureStyle(view: PictureView): { transform?: string; filter?: string } {
  const { scale, x, y, brightness, contrast } = view;
  const move = (at: number): string => `${((0.5 - at) * scale * 100).toFixed(3)}%`;
  return {
    ...(scale === 1 ? {} : { transform: `translate(${move(x)}, ${move(y)}) scale(${scale.toFixed(4)})` }),
    ...(isLit(view) ? { filter: `brightness(${brightness}) contrast(${contrast})` } : {}),
  };
}
