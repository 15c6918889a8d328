import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Browser } from "playwright-core";

/** A street that somebody walks or drives along, as a camera on the chest would see it. Drawn, so that it is nobody's. */
export interface Street {
  /** Another number is another street. */
  readonly seed: number;
  readonly hour: "day" | "dusk" | "night";
  /** Metres a second. */
  readonly speed: number;
  readonly seconds: number;
  /** Burnt in at the bottom, as cameras do. */
  readonly label: string;
}

const RATE = 15;
const SIZE = { width: 1280, height: 720 };

/** Draws a street frame by frame in a browser and encodes it; the same street is the same picture at every run. */
export async function filmStreet(browser: Browser, street: Street, file: string): Promise<void> {
  const encoder = spawn(
    "ffmpeg",
    [
      ["-nostdin", "-v", "error", "-y", "-f", "image2pipe", "-c:v", "mjpeg", "-framerate", String(RATE), "-i", "-"],
      ["-f", "lavfi", "-i", "anoisesrc=color=brown:amplitude=0.05:seed=7", "-shortest"],
      ["-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-pix_fmt", "yuv420p", "-g", String(RATE)],
      ["-c:a", "aac", "-b:a", "64k", file],
    ].flat(),
    { stdio: ["pipe", "inherit", "inherit"] },
  );
  const ended = once(encoder, "close") as Promise<[number]>;
  const page = await browser.newPage();
  await page.setContent(`<canvas width="${SIZE.width}" height="${SIZE.height}"></canvas>`);
  for (let from = 0; from < street.seconds * RATE; from += RATE) {
    const frames = await page.evaluate(drawSecond, { street, from, rate: RATE });
    for (const frame of frames) encoder.stdin.write(Buffer.from(frame, "base64"));
  }
  encoder.stdin.end();
  await page.close();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
}

/** Runs in the page: everything that it needs is inside it. Answers one second of JPEG pictures in Base64. */
function drawSecond({ street, from, rate }: { street: Street; from: number; rate: number }): string[] {
  const canvas = document.querySelector("canvas");
  const draw = canvas?.getContext("2d", { willReadFrequently: true });
  if (canvas === null || draw === null || draw === undefined) throw new Error("no canvas");
  const { width, height } = canvas;
  const looks = {
    day: { sky: ["#7fa9cf", "#dfe7e4"], fog: [205, 214, 214], wall: 0.62, lamp: 0, lit: 0.08, road: "#55585a" },
    dusk: { sky: ["#232f52", "#d98e63"], fog: [126, 96, 96], wall: 0.34, lamp: 0.7, lit: 0.4, road: "#2c2d33" },
    night: { sky: ["#060a14", "#1b2740"], fog: [20, 27, 42], wall: 0.2, lamp: 1, lit: 0.3, road: "#15171b" },
  } as const;
  const look = looks[street.hour];
  const chance = (...at: number[]): number => {
    let hash = street.seed * 374_761_393;
    for (const n of at) hash = Math.imul(hash ^ (n * 668_265_263), 1_274_126_177) ^ (hash >>> 15);
    return ((hash ^ (hash >>> 13)) >>> 0) / 4_294_967_296;
  };
  const frames: string[] = [];
  for (let n = from; n < from + rate; n += 1) {
    const t = n / rate;
    const gone = t * street.speed;
    const walking = street.speed < 4;
    const eye = { x: 1.4 + Math.sin(t * 0.5) * 0.25, y: walking ? 1.45 + Math.abs(Math.sin(t * 5.4)) * 0.05 : 1.3 };
    const tilt = walking ? Math.sin(t * 5.4 + 1) * 0.006 : Math.sin(t * 2) * 0.002;
    const centre = { x: width * (0.5 + Math.sin(t * 0.37) * 0.03), y: height * (0.47 + Math.sin(t * 0.9) * 0.006) };
    const focus = width * 0.62;
    const place = (x: number, y: number, z: number): [number, number] => [
      centre.x + ((x - eye.x) * focus) / z,
      centre.y + ((eye.y - y) * focus) / z,
    ];
    const shade = (red: number, green: number, blue: number, z: number): string => {
      const far = Math.min(1, z / 95) ** 0.8;
      const mix = (own: number, fog: number): number => Math.round(own + (fog - own) * far);
      return `rgb(${mix(red, look.fog[0])},${mix(green, look.fog[1])},${mix(blue, look.fog[2])})`;
    };
    const quad = (points: readonly (readonly [number, number, number])[], colour: string): void => {
      draw.fillStyle = colour;
      draw.beginPath();
      for (const [x, y, z] of points) draw.lineTo(...place(x, y, Math.max(0.6, z)));
      draw.fill();
    };
    const glow = (x: number, y: number, z: number, size: number, colour: string): void => {
      if (z < 0.8) return;
      const [cx, cy] = place(x, y, z);
      const radius = (size * focus) / z;
      const light = draw.createRadialGradient(cx, cy, 0, cx, cy, radius);
      light.addColorStop(0, colour);
      light.addColorStop(1, "transparent");
      draw.globalCompositeOperation = "lighter";
      draw.fillStyle = light;
      draw.fillRect(cx - radius, cy - radius, radius * 2, radius * 2);
      draw.globalCompositeOperation = "source-over";
    };

    draw.setTransform(1, 0, 0, 1, 0, 0);
    draw.translate(width / 2, height / 2);
    draw.rotate(tilt);
    draw.scale(1.03, 1.03);
    draw.translate(-width / 2, -height / 2);
    const sky = draw.createLinearGradient(0, 0, 0, centre.y);
    sky.addColorStop(0, look.sky[0]);
    sky.addColorStop(1, look.sky[1]);
    draw.fillStyle = sky;
    draw.fillRect(-60, -60, width + 120, height + 120);
    const road = draw.createLinearGradient(0, centre.y, 0, height);
    road.addColorStop(0, `rgb(${look.fog.join(",")})`);
    road.addColorStop(0.5, look.road);
    draw.fillStyle = road;
    draw.fillRect(-60, centre.y, width + 120, height);

    // From far to near, so that what is nearer covers what is behind it.
    for (let slot = Math.floor(gone / 12) + 9; slot >= Math.floor(gone / 12); slot -= 1) {
      const [near, far] = [slot * 12 - gone, slot * 12 + 12 - gone];
      if (far < 0.7) continue;
      const z = Math.max(0.7, near);
      for (const side of [-1, 1]) {
        const kerb = side * 4.6;
        const wall = side * 7.4;
        const pave = 88 * look.wall + 18;
        quad(
          [
            [kerb, 0.12, z],
            [wall, 0.12, z],
            [wall, 0.12, far],
            [kerb, 0.12, far],
          ],
          shade(pave, pave, pave + 3, z),
        );
        const tall = 6 + chance(slot, side, 1) * 11;
        const tone = (chance(slot, side, 2) * 70 + 95) * look.wall;
        const warm = chance(slot, side, 3) * 34 * look.wall;
        quad(
          [
            [wall, 0, z],
            [wall, tall, z],
            [wall, tall, far],
            [wall, 0, far],
          ],
          shade(tone + warm, tone, tone - warm, z),
        );
        if (near > 0.7)
          quad(
            [
              [wall, 0, near],
              [wall, tall, near],
              [wall + side * 14, tall, near],
              [wall + side * 14, 0, near],
            ],
            shade(tone * 0.72, tone * 0.7, tone * 0.72, near),
          );
        for (let floor = 0; floor * 3 + 4 < tall; floor += 1)
          for (let window = 0; window < 4; window += 1) {
            const [a, b] = [near + 1 + window * 2.8, near + 2.6 + window * 2.8];
            if (a < 0.9) continue;
            const isLit = chance(slot, side, floor, window, 4) < look.lit;
            const dim = 46 * look.wall + (street.hour === "day" ? 34 : 0);
            const colour = isLit ? shade(238, 196, 118, a * 0.6) : shade(dim, dim + 6, dim + 14, a);
            const [low, high] = [floor * 3 + 2.2, floor * 3 + 3.9];
            quad(
              [
                [wall, low, a],
                [wall, high, a],
                [wall, high, b],
                [wall, low, b],
              ],
              colour,
            );
          }
        if (chance(slot, side, 5) < 0.45 && near > 1) {
          // A parked car: body, glass, wheels' shadow, its lamps.
          const paint = [chance(slot, side, 6), chance(slot, side, 7), chance(slot, side, 8)].map(
            (part) => (part * 90 + 60) * (look.wall + 0.2),
          ) as [number, number, number];
          const [l, r, front, back] = [side * 3.7 - 0.9, side * 3.7 + 0.9, near + 6.4, near + 2];
          quad(
            [
              [l, 0.02, back],
              [r, 0.02, back],
              [r, 0.02, front],
              [l, 0.02, front],
            ],
            "rgba(0,0,0,.5)",
          );
          const inner = side * 3.7 - side * 0.9;
          quad(
            [
              [inner, 0.25, back],
              [inner, 0.95, back],
              [inner, 0.95, front],
              [inner, 0.25, front],
            ],
            shade(...paint, back),
          );
          quad(
            [
              [inner, 0.95, back + 0.5],
              [inner, 1.45, back + 1.1],
              [inner, 1.45, front - 1.4],
              [inner, 0.95, front - 0.8],
            ],
            shade(30, 36, 44, back),
          );
          const [r1, g1, b1] = paint;
          quad(
            [
              [l, 0.25, back],
              [l, 0.95, back],
              [r, 0.95, back],
              [r, 0.25, back],
            ],
            shade(r1 * 0.8, g1 * 0.8, b1 * 0.8, back),
          );
          quad(
            [
              [l + 0.15, 0.95, back],
              [l + 0.3, 1.45, back + 0.6],
              [r - 0.3, 1.45, back + 0.6],
              [r - 0.15, 0.95, back],
            ],
            shade(34, 40, 50, back),
          );
          for (const lamp of [l + 0.18, r - 0.18]) {
            quad(
              [
                [lamp - 0.14, 0.66, back],
                [lamp - 0.14, 0.82, back],
                [lamp + 0.14, 0.82, back],
                [lamp + 0.14, 0.66, back],
              ],
              shade(150, 24, 22, back),
            );
            if (chance(slot, side, 9) < 0.4 && look.lamp > 0) glow(lamp, 0.74, back, 0.5, "rgba(255,50,40,.8)");
          }
        }
        if ((slot + (side > 0 ? 1 : 0)) % 2 === 0 && near > 0.9) {
          const post = side * 4.9;
          const dark = shade(38, 40, 44, near);
          quad(
            [
              [post - 0.06, 0, near],
              [post - 0.06, 5.2, near],
              [post + 0.06, 5.2, near],
              [post + 0.06, 0, near],
            ],
            dark,
          );
          quad(
            [
              [post, 5.1, near],
              [post, 5.22, near],
              [post - side * 1.3, 5.3, near],
              [post - side * 1.3, 5.18, near],
            ],
            dark,
          );
          if (look.lamp > 0) {
            glow(post - side * 1.3, 5.2, near, 2.6, `rgba(255,196,120,${0.5 * look.lamp})`);
            glow(post - side * 1.3, 5.2, near, 0.5, `rgba(255,240,210,${look.lamp})`);
            const [cx, cy] = place(post - side * 1.6, 0, near);
            const pool = (3.2 * focus) / near;
            draw.save();
            draw.translate(cx, cy);
            draw.scale(1, 0.2);
            const light = draw.createRadialGradient(0, 0, 0, 0, 0, pool);
            light.addColorStop(0, `rgba(255,190,110,${0.3 * look.lamp})`);
            light.addColorStop(1, "transparent");
            draw.globalCompositeOperation = "lighter";
            draw.fillStyle = light;
            draw.fillRect(-pool, -pool, pool * 2, pool * 2);
            draw.restore();
          }
        }
      }
      for (let dash = 0; dash < 2; dash += 1) {
        const [a, b] = [near + dash * 6, near + dash * 6 + 2.6];
        const white = 130 * look.wall + 70;
        if (b > 0.8)
          quad(
            [
              [-0.07, 0.01, a],
              [0.07, 0.01, a],
              [0.07, 0.01, b],
              [-0.07, 0.01, b],
            ],
            shade(white, white, white - 8, Math.max(1, a)),
          );
      }
    }

    draw.setTransform(1, 0, 0, 1, 0, 0);
    const edge = draw.createRadialGradient(width / 2, height / 2, height * 0.45, width / 2, height / 2, width * 0.66);
    edge.addColorStop(0, "transparent");
    edge.addColorStop(1, "rgba(0,0,0,.55)");
    draw.fillStyle = edge;
    draw.fillRect(0, 0, width, height);
    draw.font = "600 22px 'DejaVu Sans Mono', monospace";
    draw.fillStyle = "rgba(0,0,0,.5)";
    const clock = `${String(Math.floor(t / 60)).padStart(2, "0")}:${String(Math.floor(t) % 60).padStart(2, "0")}.${String(Math.floor((t % 1) * 10))}`;
    const text = `${street.label}   ${clock}`;
    draw.fillRect(22, height - 52, draw.measureText(text).width + 24, 34);
    draw.fillStyle = "rgba(255,255,255,.9)";
    draw.fillText(text, 34, height - 28);
    frames.push(canvas.toDataURL("image/jpeg", 0.9).slice("data:image/jpeg;base64,".length));
  }
  return frames;
}
