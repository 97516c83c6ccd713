import { EventEmitter } from "node:events";
import type { RoomId } from "../../../protocol/events";
import type { Rewind } from "../broker";

type Events = {
  /** A crowd notice of the room waits to be written; the replica that would write it may have died. */
  crowdNoticeWaits: [room: RoomId];
  /** The store holds less than it did. `cause`: once for each loss; without it, a room has noticed it by itself. */
  rewound: [cause?: Rewind];
  /** Whether the store answers may have changed. */
  answering: [];
  /** The store has refused a write because it is full. */
  full: [];
};

/** What the parts of this broker tell one another. */
export class BrokerEvents extends EventEmitter<Events> {}
