import { maskedSum } from "./checksum";

/**
 * How far a log of LevelDB, which has the newest rows, can be read. `cut`: nothing can be read from `at` on, as after a
 * power cut in the middle of a write. `damaged`: it can be read again further on, so rows between are gone.
 */
export type LogState = { is: "whole" } | { is: "cut"; at: number } | { is: "damaged"; at: number };

/** A record is in one `full` piece, or in a `first`, maybe some `middle`, and a `last` one; no piece leaves its block. */
const [full, , middle, last] = [1, 2, 3, 4];
const blockBytes = 32_768;
/** Checksum, length, kind: https://github.com/google/leveldb/blob/v1.20/doc/log_format.md */
const headerBytes = 7;

/** LevelDB itself opens over any damage, and only notes in its `LOG` that it has dropped rows. */
export const logState = (bytes: Buffer): LogState => readLog(bytes).state;

/** Also the records, as far as they can be read. */
export function readLog(bytes: Buffer): { state: LogState; records: Buffer[] } {
  const records: Buffer[] = [];
  let pieces: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const piece = pieceAt(bytes, at);
    if (piece === undefined)
      return { state: { is: hasPieceBehind(bytes, at) ? "damaged" : "cut", at }, records };
    const { kind, end } = piece;
    if (pieces.length > 0 !== (kind === middle || kind === last))
      return { state: { is: "damaged", at }, records };
    pieces.push(bytes.subarray(at + headerBytes, end));
    if (kind === full || kind === last) {
      records.push(Buffer.concat(pieces));
      pieces = [];
    }
    at = end + trailerAt(end);
  }
  return { state: pieces.length > 0 ? { is: "cut", at: bytes.length } : { is: "whole" }, records };
}

function pieceAt(bytes: Buffer, at: number): { kind: number; end: number } | undefined {
  const blockEnd = Math.min(bytes.length, at - (at % blockBytes) + blockBytes);
  if (at + headerBytes > blockEnd) return undefined;
  const end = at + headerBytes + bytes.readUInt16LE(at + 4);
  const kind = bytes.readUInt8(at + 6);
  if (kind < full || kind > last || end > blockEnd) return undefined;
  return bytes.readUInt32LE(at) === maskedSum(bytes.subarray(at + 6, end)) ? { kind, end } : undefined;
}

/** The damage may be in a length, so the next piece may begin anywhere. */
function hasPieceBehind(bytes: Buffer, damagedAt: number): boolean {
  for (let at = damagedAt + 1; at < bytes.length; at += 1) if (pieceAt(bytes, at) !== undefined) return true;
  return false;
}

/** The end of a block in which no header has room stays unused. */
function trailerAt(at: number): number {
  const rest = blockBytes - (at % blockBytes);
  return rest < headerBytes ? rest : 0;
}
