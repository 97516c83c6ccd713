import type { RoomLine, RoomLoader } from "../broker/room-dump";
import type { RecordLine, RecordLoader } from "../records/record-dump";

/** A store that is read as a whole, line by line. */
export interface DumpSource {
  /** The kind of store, and where it is, for the operator. */
  readonly name: string;
  lines(): AsyncIterable<RoomLine | RecordLine>;
  close(): Promise<void>;
}

/** A store that is filled from a dump. Until `finish` no server takes it for whole. */
export interface DumpTarget extends DumpSource {
  /** Throws an Error when servers use it now. */
  checkUnused(): Promise<void>;
  /** Whether an earlier import has broken off here. */
  isUnfinished(): Promise<boolean>;
  /** Empties the store, and marks it as unfinished. */
  begin(): Promise<void>;
  readonly rooms: RoomLoader;
  readonly records: RecordLoader;
  finish(): Promise<void>;
}
