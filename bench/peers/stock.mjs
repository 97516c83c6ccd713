// Socket.IO over two replicas as its documentation shows it (https://socket.io/docs/v4/redis-adapter/), with a history in a
// Redis stream. `npm run bench:crowd` starts it.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import { Server } from "socket.io";

const publisher = new Redis(process.env.REDIS_URL);
const subscriber = publisher.duplicate();
const http = createServer((_request, response) => response.end("ready"));
const io = new Server(http, { transports: ["websocket"], adapter: createAdapter(publisher, subscriber) });

io.on("connection", (socket) => {
  socket.on("join", async (room, acknowledge) => {
    await socket.join(room);
    acknowledge({ ok: true });
  });
  socket.on("message", async ({ room, text }, acknowledge) => {
    const history = [`history:${room}`, "MAXLEN", "~", 10_000, "*", "by", socket.id, "text", text];
    const id = await publisher.xadd(...history);
    io.to(room).emit("message", { id, by: socket.id, text });
    acknowledge({ ok: true, id });
  });
});

http.listen(Number(process.env.PORT), "127.0.0.1");
