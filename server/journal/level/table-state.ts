import { maskedSum } from "./checksum";
import { FieldReader } from "./field-reader";
import { unpacked } from "./snappy";

/** https://github.com/google/leveldb/blob/v1.20/doc/table_format.md */
const footerBytes = 48;
const magic = Buffer.from("57fb808b247547db", "hex");
/** After each block: the kind of its compression, and the checksum of both. */
const [kindBytes, sumBytes] = [1, 4];
const [plain, packed] = [0, 1];

/** A block's place in its table, without the bytes after it. */
type Place = { start: number; bytes: number };

/** Returns true if every block of a table has its checksum. */
export function isWholeTable(table: Buffer): boolean {
  const footer = table.subarray(-footerBytes);
  const parts = new FieldReader(footer.subarray(0, -magic.length));
  const [filters, index] = [placeFrom(parts), placeFrom(parts)];
  const isFooter = footer.length === footerBytes && footer.subarray(-magic.length).equals(magic);
  if (!isFooter || parts.rest.some((byte) => byte !== 0)) return false;
  const lists = [filters, index].map((place) => blockAt(table, place));
  return lists.every(
    (list) => list !== undefined && placesIn(list).every((place) => isWholeBlock(table, place)),
  );
}

const placeFrom = (parts: FieldReader): Place => ({ start: parts.number(), bytes: parts.number() });

function isWholeBlock(table: Buffer, { start, bytes }: Place): boolean {
  const end = start + bytes + kindBytes;
  return end + sumBytes <= table.length && table.readUInt32LE(end) === maskedSum(table.subarray(start, end));
}

function blockAt(table: Buffer, place: Place): Buffer | undefined {
  if (!isWholeBlock(table, place)) return undefined;
  const { start, bytes } = place;
  const block = table.subarray(start, start + bytes);
  const kind = table.readUInt8(start + bytes);
  if (kind === plain) return block;
  return kind === packed ? unpacked(block) : undefined;
}

/** The blocks in a list: each entry has the end of a key, where it differs from the key before, and a place. */
function placesIn(list: Buffer): Place[] {
  const restarts = list.readUInt32LE(list.length - 4);
  const parts = new FieldReader(list.subarray(0, list.length - 4 * (restarts + 1)));
  const places: Place[] = [];
  while (!parts.isOver) {
    const [, differing, value] = [parts.number(), parts.number(), parts.number()];
    parts.take(differing);
    places.push(placeFrom(new FieldReader(parts.take(value))));
  }
  return places;
}
