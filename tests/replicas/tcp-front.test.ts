import net from "node:net";
import { expect, test } from "../support/fixtures";
import { freePort } from "../support/ports";
import { TcpFront } from "../support/tcp-front";
import { until } from "../support/until";

/** A server that greets with its name, then sends back what it gets. */
async function startEcho(name: string): Promise<{ port: number; close(): void }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).write(`${name} `);
    socket.pipe(socket);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port, close };
}

function dial(port: number): { socket: net.Socket; heard(): string; isClosed(): boolean } {
  let heard = "";
  const socket = net.connect(port, "127.0.0.1").setEncoding("utf8");
  socket.on("data", (text) => {
    heard += text;
  });
  socket.on("error", () => undefined);
  return { socket, heard: () => heard, isClosed: () => socket.closed };
}

test("the front takes its targets in turn, skips dead ones, and follows a change of targets", async () => {
  const [one, other] = await Promise.all([startEcho("one"), startEcho("other")]);
  const dead = await freePort();
  const front = await TcpFront.start([one.port, dead, other.port]);
  const ask = async () => {
    const { socket, heard } = dial(front.port);
    await until("a greeting", () => heard() !== "");
    socket.destroy();
    return heard().trim();
  };
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual(["one", "other", "other", "one"]);
  front.pinNext(other.port);
  expect(await ask()).toBe("other");
  front.remove(other.port);
  front.remove(dead);
  expect([await ask(), await ask()]).toEqual(["one", "one"]);
  one.close();
  other.close();
  await front.close();
});

test("the front can stall without losing bytes, swallow bytes and recover, and cut connections", async () => {
  const echo = await startEcho("hello");
  const front = await TcpFront.start([echo.port]);
  const link = dial(front.port);
  await until("the greeting", () => link.heard() === "hello ");
  front.stall();
  link.socket.write("late ");
  const during = dial(front.port);
  await until("the second link", () => front.linkCount() === 2);
  expect([link.heard(), during.heard()]).toEqual(["hello ", ""]);
  front.heal();
  await until("what was late", () => link.heard() === "hello late " && during.heard() === "hello ");

  front.blackHole();
  link.socket.write("lost ");
  const swallowed = dial(front.port);
  await until("a connection without an answer", () => swallowed.socket.readyState === "open");
  expect(swallowed.heard()).toBe("");
  front.heal();
  await until("the end of what lost bytes", () => link.isClosed() && swallowed.isClosed());
  expect(link.heard()).toBe("hello late ");

  const next = dial(front.port);
  await until("a healthy link", () => next.heard() === "hello ");
  front.cut();
  await until("the cut", () => next.isClosed());
  expect(front.linkCount()).toBe(0);
  echo.close();
  await front.close();
});
