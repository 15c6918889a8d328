// Files with positions, as a GoPro lays them out, and ones that no camera wrote.

function box(type: string, ...parts: (Buffer | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : words(part))));
  return Buffer.concat([words([body.length + 8]), Buffer.from(type, "latin1"), body]);
}
function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
  return bytes;
}

/**
 * A MOV with nothing but a metadata track, one payload per second, as a GoPro lays it out. `times`: its table names the
 * payloads so often.
 */
export function movieOf(payloads: readonly Buffer[], offsetOf = (place: number): number => place, times = 1): Buffer {
  const ftyp = box("ftyp", Buffer.from("mp41"), [0]);
  const mdat = box("mdat", ...payloads);
  let place = ftyp.length + 8;
  const samples = payloads.map((each) => {
    const at = place;
    place += each.length;
    return { at: offsetOf(at), size: each.length };
  });
  const named = Array.from({ length: times }, () => samples).flat();
  const count = named.length;
  const table = box(
    "stbl",
    box("stsd", [0, 1], box("gpmd", [0, 1])),
    box("stts", [0, 1, count, 1000]),
    box("stsc", [0, 1, 1, 1, 1]),
    box("stsz", [0, 0, count, ...named.map(({ size }) => size)]),
    box("stco", [0, count, ...named.map(({ at }) => at)]),
  );
  const media = box(
    "mdia",
    box("mdhd", [0, 0, 0, 1000, count * 1000, 0]),
    box("hdlr", [0, 0], Buffer.from("meta"), [0, 0, 0]),
    box("minf", table),
  );
  return Buffer.concat([ftyp, mdat, box("moov", box("trak", box("tkhd", [0, 0, 0, 1, 0, 0]), media))]);
}

/** One GPMF element: FourCC, type, bytes of one structure, how often. */
function klv(key: string, type: string, structSize: number, repeat: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(key, 0, "latin1");
  head.write(type, 4, "latin1");
  head.writeUInt8(structSize, 5);
  head.writeUInt16BE(repeat, 6);
  return Buffer.concat([head, body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
}

/** A small file of which every payload is the same stretch: `payloads` times 3000 positions. */
export function bombOf(payloads: number): Buffer {
  const row = words([50, 20, 0, 0, 0]);
  const rows = Buffer.concat(Array.from({ length: 3000 }, () => row));
  const inside = Buffer.concat([klv("SCAL", "l", 4, 1, words([1])), klv("GPS5", "l", 20, 3000, rows)]);
  const strm = klv("STRM", "\0", 4, inside.length / 4, inside);
  return movieOf([klv("DEVC", "\0", 4, strm.length / 4, strm)], (place) => place, payloads);
}
