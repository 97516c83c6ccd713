import { EventEmitter } from "node:events";
import type { RoomId } from "../../../protocol/events";
import type { Rewind } from "../broker";

type Events = {
  /** Counted visits of the room wait to be told; the replica that would tell them may have died. */
  visitsWait: [room: RoomId];
  /** The store holds less than it did. `cause`: once for each loss; without it, a room has noticed it by itself. */
  rewound: [cause?: Rewind];
  /** Whether the store answers may have changed. */
  answering: [];
  /** The store has refused a write because it is full. */
  full: [];
};

/** What the parts of this broker tell one another. */
export class BrokerEvents extends EventEmitter<Events> {}
