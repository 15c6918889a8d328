import { spawn } from "node:child_process";
import { once } from "node:events";

/** How one made-up street looks: three points of the day, at a walk or a drive. */
export interface Street {
  readonly sky: readonly [top: Colour, horizon: Colour];
  readonly ground: Colour;
  readonly road: Colour;
  readonly lamps: boolean;
  /** Metres a second. */
  readonly speed: number;
  /** How much the picture sways, in pixels: a chest moves, a car hardly. */
  readonly sway: number;
  readonly seed: number;
}
type Colour = readonly [red: number, green: number, blue: number];

const WIDTH = 640;
const HEIGHT = 360;
const RATE = 15;
const HORIZON = 150;

/**
 * Draws a street as seen by somebody who moves along it, with a sound bed, into an MP4. The demo's footage is made
 * here, on the spot, so that none has to be shipped.
 */
export async function drawStreet(street: Street, seconds: number, file: string): Promise<void> {
  const video = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${WIDTH}x${HEIGHT}`, "-r", String(RATE), "-i", "pipe:0"];
  const audio = [
    "-f",
    "lavfi",
    "-t",
    String(seconds),
    "-i",
    `anoisesrc=color=brown:amplitude=0.08:seed=${street.seed}`,
  ];
  const out = [
    "-vf",
    "scale=1280:720:flags=bicubic",
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-crf",
    "23",
    "-g",
    String(RATE),
    "-pix_fmt",
    "yuv420p",
    "-c:a",
    "aac",
    "-shortest",
    file,
  ];
  const ffmpeg = spawn("ffmpeg", ["-v", "error", "-y", ...video, ...audio, ...out], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const ended = once(ffmpeg, "exit");
  for (let frame = 0; frame < seconds * RATE; frame += 1)
    if (!ffmpeg.stdin.write(drawFrame(street, frame / RATE))) await Promise.race([once(ffmpeg.stdin, "drain"), ended]);
  ffmpeg.stdin.end();
  const [code] = (await ended) as [number];
  if (code !== 0) throw new Error(`ffmpeg could not encode the demo's footage (${code}).`);
}

function drawFrame(street: Street, time: number): Buffer {
  const pixels = Buffer.allocUnsafe(WIDTH * HEIGHT * 3);
  const travelled = time * street.speed;
  const sway = Math.sin(time * 5.2) * street.sway;
  const bob = Math.abs(Math.sin(time * 5.2)) * street.sway * 0.6;
  const horizon = HORIZON + bob;
  const middle = WIDTH / 2 + sway;
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1)
      put(
        pixels,
        x,
        y,
        y < horizon ? skyAt(street, x, y, horizon, sway) : groundAt(street, x, y, horizon, middle, travelled),
      );
  for (let ahead = 70; ahead > 1; ahead -= 1)
    drawRoadside(pixels, street, ahead - ((travelled % 12) % 1), Math.floor(travelled) + ahead, horizon, middle);
  return pixels;
}

function skyAt({ sky: [top, low], seed }: Street, x: number, y: number, horizon: number, sway: number): Colour {
  const skyline = horizon - 14 - 26 * noise(Math.floor((x - sway * 0.2) / 34) + seed * 17);
  if (y > skyline) return mix(low, [18, 22, 30], 0.72);
  return mix(top, low, (y / horizon) ** 1.6);
}

function groundAt(street: Street, x: number, y: number, horizon: number, middle: number, travelled: number): Colour {
  const depth = 120 / (y - horizon + 0.5); // metres ahead, for an eye at 1.5 m
  const across = ((x - middle) / (y - horizon + 0.5)) * 1.5;
  const far = Math.min(1, depth / 60);
  const along = depth + travelled;
  const grain = noise(Math.floor(along * 3) * 31 + Math.floor(across * 5)) * 8 - 4;
  let colour = street.ground;
  if (Math.abs(across) < 3.2) colour = street.road;
  if (Math.abs(Math.abs(across) - 3.2) < 0.12) colour = mix(street.road, [230, 226, 214], 0.7);
  if (Math.abs(across) < 0.08 && along % 6 < 3) colour = [222, 200, 120];
  const [r, g, b] = mix(colour, street.sky[1], far * 0.75);
  return [r + grain, g + grain, b + grain];
}

/** Trees, and at night lamps, on both sides; which stands where depends on the metre alone, so that they pass by. */
function drawRoadside(
  pixels: Buffer,
  street: Street,
  ahead: number,
  metre: number,
  horizon: number,
  middle: number,
): void {
  if (metre % 12 !== 0) return;
  const scale = 120 / ahead;
  const far = Math.min(1, ahead / 60);
  for (const side of [-1, 1]) {
    const foot = middle + side * scale * (3.1 + noise(metre * 7 + side));
    const base = horizon + scale;
    box(
      pixels,
      foot - scale * 0.06,
      base - scale * 2.2,
      scale * 0.12,
      scale * 2.2,
      mix([52, 42, 34], street.sky[1], far * 0.7),
    );
    const crown = scale * (0.8 + 0.5 * noise(metre + side * 3));
    if (street.lamps && side === 1)
      disc(pixels, foot - scale * 0.4, base - scale * 2.25, Math.max(1, scale * 0.14), [255, 226, 160]);
    else
      disc(
        pixels,
        foot,
        base - scale * 2.3,
        crown,
        mix(mix(street.ground, [20, 60, 30], 0.6), street.sky[1], far * 0.7),
      );
  }
}

function box(pixels: Buffer, left: number, top: number, width: number, height: number, colour: Colour): void {
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(HEIGHT, top + height); y += 1)
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(WIDTH, left + width); x += 1) put(pixels, x, y, colour);
}

function disc(pixels: Buffer, cx: number, cy: number, radius: number, colour: Colour): void {
  for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(HEIGHT, cy + radius); y += 1)
    for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(WIDTH, cx + radius); x += 1)
      if ((x - cx) ** 2 + (y - cy) ** 2 < radius ** 2) put(pixels, x, y, colour);
}

function put(pixels: Buffer, x: number, y: number, [red, green, blue]: Colour): void {
  const at = (y * WIDTH + x) * 3;
  pixels[at] = clamp(red);
  pixels[at + 1] = clamp(green);
  pixels[at + 2] = clamp(blue);
}

const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);
const mix = (a: Colour, b: Colour, part: number): Colour => [
  a[0] + (b[0] - a[0]) * part,
  a[1] + (b[1] - a[1]) * part,
  a[2] + (b[2] - a[2]) * part,
];

/** 0 to 1, the same for the same number. */
function noise(n: number): number {
  const wave = Math.sin(n * 127.1 + 311.7) * 43_758.5453;
  return wave - Math.floor(wave);
}
