// The least work for a chat over two replicas in Node: bare WebSockets, one Redis channel for each room, and one frame for
// each message, built once and written to every socket. `npm run bench:crowd` starts it.
import { createServer } from "node:http";
import { Redis } from "ioredis";
import { Sender, WebSocketServer } from "ws";

const publisher = new Redis(process.env.REDIS_URL);
const subscriber = publisher.duplicate();
const http = createServer((_request, response) => response.end("ready"));
/** The TCP sockets of each room's members. */
const rooms = new Map();

subscriber.on("messageBuffer", (channel, message) => {
  const options = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true };
  const frame = Buffer.concat(Sender.frame(message, options));
  for (const socket of rooms.get(channel.toString()) ?? []) socket.write(frame);
});

async function join(room, socket) {
  if (!rooms.has(room)) rooms.set(room, new Set());
  rooms.get(room).add(socket);
  socket.once("close", () => rooms.get(room).delete(socket));
  await subscriber.subscribe(room);
  return { ok: true };
}

async function send(room, text) {
  const id = await publisher.xadd(`history:${room}`, "MAXLEN", "~", 10_000, "*", "text", text);
  await publisher.publish(room, JSON.stringify({ message: id, text }));
  return { ok: true, id };
}

new WebSocketServer({ server: http }).on("connection", (client, { socket }) => {
  client.on("message", async (bytes) => {
    const { ack, room, text } = JSON.parse(bytes.toString());
    const answer = await (text === undefined ? join(room, socket) : send(room, text));
    client.send(JSON.stringify({ ack, ...answer }));
  });
});

http.listen(Number(process.env.PORT), "127.0.0.1");
