import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loadSockets } from "../../components/chat/client/sockets";
import { askAccount } from "../../components/identity/account-requests";
import { expect, test } from "../support/plain-test";

const token = "head.body.seal";
const before = { location: globalThis.location, fetch: globalThis.fetch };

test.afterEach(() => {
  Object.assign(globalThis, before);
});

test("[ID-1] the request for a page's socket has no token: the token is in the handshake's body", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const asked = new Promise<string>((resolve) =>
    server.once("upgrade", ({ url, rawHeaders }, socket) => {
      socket.destroy();
      resolve([url, ...rawHeaders].join("\n"));
    }),
  );
  Object.assign(globalThis, { location: page });
  const open = await loadSockets();
  const socket = open(() => ({ protocol: 1, token }));
  try {
    const request = await asked;
    expect(request).toContain("/socket.io?EIO=4");
    expect(request).not.toContain(token);
    const { auth } = socket as unknown as { auth: (give: (handshake: object) => void) => void };
    auth((handshake) => expect(handshake).toEqual({ protocol: 1, token }));
  } finally {
    socket.disconnect();
    server.close();
  }
});

test("[H-2] an account's token is sent in Authorization, its secrets in the body, and nothing in the URL", async () => {
  const asked: [url: string, options: RequestInit][] = [];
  globalThis.fetch = (async (url: string, options: RequestInit) => {
    asked.push([url, options]);
    return Response.json({ ok: true });
  }) as typeof fetch;
  const credentials = { handle: "otter", password: "correct horse battery staple" };
  await askAccount("log-in", credentials, token);
  await askAccount("claim", { code: "K7QM-34XA-K7QM-34XA" });
  expect(asked.map(([url]) => url)).toEqual(["/api/account/log-in", "/api/account/claim"]);
  expect(asked[0]?.[1]).toMatchObject({
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify(credentials),
  });
  expect(asked[1]?.[1].headers).not.toHaveProperty("Authorization");
});
