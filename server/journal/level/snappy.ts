import { FieldReader } from "./field-reader";

/**
 * Unpacks a block that LevelDB has compressed: https://github.com/google/snappy/blob/main/format_description.txt. Call only
 * with bytes whose checksum is right.
 */
export function unpacked(bytes: Buffer): Buffer {
  const parts = new FieldReader(bytes);
  const whole = Buffer.alloc(parts.number());
  let at = 0;
  while (!parts.isOver) {
    const [tag = 0] = parts.take(1);
    const kind = tag & 3;
    if (kind === 0) {
      at += literal(parts, tag >>> 2).copy(whole, at);
      continue;
    }
    const { length, distance } = copyOf(parts, kind, tag >>> 2);
    // One byte at a time: a copy may continue into the bytes that it has just written.
    for (const end = at + length; at < end; at += 1) whole[at] = whole[at - distance] ?? 0;
  }
  return whole;
}

/** Up to 59 the tag holds the length minus one. Above, the tag minus 59 is the number of bytes that hold it. */
function literal(parts: FieldReader, size: number): Buffer {
  const extra = size - 59;
  return parts.take(1 + (extra > 0 ? parts.take(extra).readUIntLE(0, extra) : size));
}

function copyOf(parts: FieldReader, kind: number, size: number): { length: number; distance: number } {
  if (kind === 1)
    return { length: 4 + (size & 7), distance: ((size >>> 3) << 8) | parts.take(1).readUInt8() };
  const width = kind === 2 ? 2 : 4;
  return { length: 1 + size, distance: parts.take(width).readUIntLE(0, width) };
}
