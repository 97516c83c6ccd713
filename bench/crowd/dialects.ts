/**
 * `before`: another build of ours. `cluster`: ours over a Redis Cluster. `folder`: ours as one process that keeps everything
 * in a folder. `none`: ours as one process that keeps nothing.
 */
export type PeerName = "ours" | "before" | "cluster" | "folder" | "none" | "stock" | "raw";

/** How a client speaks to a server. */
export type Dialect = {
  /** The path of the WebSocket upgrade. */
  path: string;
  /** Steps: wait for a frame that begins with `after`, then send `say`, if any. `token`: from an earlier connection. */
  greeting(token: string | undefined): readonly { after: string; say?: string }[];
  /** Finds the token in the server's frames of the greeting. */
  token?: RegExp;
  /** `cursor`: from the answer to an earlier join. */
  join(id: number, room: string, cursor?: string): string;
  send(id: number, room: string, text: string, number: number): string;
  /** The beginning of an event with entries. */
  delivery: string;
  /** The beginning of an answer; the number of its command follows. */
  ack: string;
  /** Each entry has the room's next number. */
  isNumbered: boolean;
};

const engineIo = "/socket.io/?EIO=4&transport=websocket";
const command = (id: number, name: string, input: unknown) => `42${id}${JSON.stringify([name, input])}`;

const ours: Dialect = {
  path: engineIo,
  greeting: (token) => [
    { after: "0", say: `40${JSON.stringify({ protocol: 1, token })}` },
    { after: '42["session:started"' },
  ],
  token: /"token":"([^"]+)"/,
  join: (id, room, cursor) =>
    command(id, "room:join", { room, ...(cursor !== undefined && { cursor: JSON.parse(cursor) }) }),
  send: (id, room, text, number) =>
    command(id, "message:send", {
      room,
      text,
      clientMessageId: `crowd-${String(number).padStart(7, "0")}`,
    }),
  delivery: '42["feed:appended"',
  ack: "43",
  isNumbered: true,
};

export const dialects: Record<PeerName, Dialect> = {
  ours,
  before: ours,
  cluster: ours,
  folder: ours,
  none: ours,
  stock: {
    path: engineIo,
    greeting: () => [{ after: "0", say: "40" }, { after: "40" }],
    join: (id, room) => command(id, "join", room),
    send: (id, room, text) => command(id, "message", { room, text }),
    delivery: '42["message"',
    ack: "43",
    isNumbered: false,
  },
  raw: {
    path: "/",
    greeting: () => [],
    join: (id, room) => JSON.stringify({ ack: id, room }),
    send: (id, room, text) => JSON.stringify({ ack: id, room, text }),
    delivery: '{"message"',
    ack: '{"ack":',
    isNumbered: false,
  },
};

export const isAlone = (name: PeerName): boolean => name === "folder" || name === "none";

export const isOurs = (name: PeerName): boolean => dialects[name] === ours;
