import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { limitHttpServer } from "../../server/gateway/http-limits";
import { expect, test } from "../support/plain-test";
import { until } from "../support/until";

const opened: { server: Server; sockets: Socket[] }[] = [];

test.afterEach(() => {
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

async function open(settings: { trustedProxyHops: number; connectionsPerAddress: number | undefined }) {
  const server = createServer((_request, response) => response.end("here"));
  const refused: string[] = [];
  limitHttpServer(server, settings, { add: (reason, network) => refused.push(`${reason} ${network}`) });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  opened.push({ server, sockets });
  const count = () =>
    new Promise<number>((resolve) => server.getConnections((_error, held) => resolve(held)));
  const dial = async () => {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    return socket;
  };
  return { server, refused, dial, count, url: `http://127.0.0.1:${port}` };
}

test("[W-8] an address may hold a limited number of silent sockets, and closed ones make room for others", async () => {
  const { refused, dial, count } = await open({ trustedProxyHops: 0, connectionsPerAddress: 2 });
  const held = await Promise.all(Array.from({ length: 66 }, dial));
  const next = await dial();
  await new Promise<void>((resolve) => next.once("close", () => resolve()));
  expect(refused).toEqual(["socket 127.0.0.1"]);
  expect(await count()).toBe(66);
  held[0]?.destroy();
  await until("the place", async () => (await count()) === 65);
  await dial();
  await until("another one in it", async () => (await count()) === 66);
  expect(refused).toHaveLength(1);
});

test("[W-8] a trusted proxy's sockets belong to its clients, and do not count as one address", async () => {
  const { refused, dial, count } = await open({ trustedProxyHops: 1, connectionsPerAddress: 1 });
  for (let socket = 0; socket < 10; socket += 1) await dial();
  await until("all of them", async () => (await count()) === 10);
  expect(refused).toEqual([]);
});

test("the server bounds the number of sockets and their time without headers; RATE_LIMITS=off lifts the number", async () => {
  const { server } = await open({ trustedProxyHops: 0, connectionsPerAddress: 1 });
  expect(server.maxConnections).toBe(20_000);
  expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
  const unbounded = await open({ trustedProxyHops: 0, connectionsPerAddress: undefined });
  expect(unbounded.server.maxConnections).toBeUndefined();
  expect(unbounded.server.headersTimeout).toBe(10_000);
});

test("only behind a proxy that ended TLS is a browser told to use TLS from then on", async () => {
  const { url } = await open({ trustedProxyHops: 1, connectionsPerAddress: 1 });
  const told = async (site: string, scheme: string) =>
    (await fetch(site, { headers: { "x-forwarded-proto": scheme } })).headers.get(
      "strict-transport-security",
    );
  expect(await told(url, "https")).toBe("max-age=31536000");
  expect(await told(url, "http")).toBeNull();
  const bare = await open({ trustedProxyHops: 0, connectionsPerAddress: 1 });
  expect(await told(bare.url, "https"), "no proxy is trusted").toBeNull();
});
