import type { RoomLine, RoomLoader } from "../broker/room-dump";
import type { RecordLine, RecordLoader } from "../records/record-dump";

/** A store of which all is read, and told line by line. */
export interface DumpSource {
  /** What it is and where, for the operator. */
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
