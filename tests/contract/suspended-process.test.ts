import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { expect } from "../support/fixtures";
import { isSharedKind, kinds, linksTo, test } from "./stores";

/** Longer than any time-out of a connection. */
const suspendedMs = 5_000;
const suspend = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, suspendedMs);
/** The answers come while the process is suspended. */
const answersAfterMs = 500;

for (const kind of kinds.filter(isSharedKind))
  test(`${kind}: a process that was suspended with commands under way keeps its connections, whose answers wait for it`, async ({
    redis,
  }) => {
    const { servers, links, close } = await linksTo(kind, redis);
    const ask = () => Promise.all(links.map((link) => link.ping()));
    const ports = () => links.map(({ stream }) => (stream as Socket).localPort);
    const before = ports();
    for (const { client } of servers) await client.call("CLIENT", "PAUSE", answersAfterMs, "ALL");
    const underWay = ask().catch(() => "unknown");
    // The commands leave at the end of this turn of the event loop.
    await turn();
    await turn();
    suspend();
    await underWay;
    expect(await ask()).toEqual(links.map(() => "PONG"));
    expect(ports()).toEqual(before);
    await close();
  });
