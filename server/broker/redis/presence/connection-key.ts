import type { ConnectionId } from "../../membership";

/** `replica:connection`. Without the connection it stands for all connections that entered under that id of a replica. */
export type ConnectionKey = string;

export const connectionKeyOf = (replica: string, connection: ConnectionId | ""): ConnectionKey =>
  `${replica}:${connection}`;
