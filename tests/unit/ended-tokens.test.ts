import { EventEmitter } from "node:events";
import type { Session } from "../../server/accounts/session";
import { Connection, type SharedByConnections } from "../../server/gateway/connection";
import type { ChatSocket } from "../../server/gateway/socket-types";
import { home } from "../support/no-budget";
import { expect, test } from "../support/plain-test";
import { settle } from "./fake-environment";

const otter = { id: "otter", name: "otter" };
const token: Session = { visitor: otter.id, generation: 0, device: "phone" };
const ended: Session = { visitor: otter.id, generation: 1 };

/** A connection of a replica on which each step of forgetting a visitor waits for the test. `told`: what the client gets, in order. */
function open() {
  const told: string[] = [];
  const steps: string[] = [];
  let goOn: () => void = () => undefined;
  const step = (name: string) => {
    steps.push(name);
    return new Promise<void>((resolve) => {
      goOn = resolve;
    });
  };
  let receive: (name: string, ...args: unknown[]) => void = () => undefined;
  const conn = Object.assign(new EventEmitter(), {
    transport: { writable: true },
    close: () => void told.push("close"),
  });
  const socket = {
    ...{ conn, id: "one", emit: () => true, rooms: new Set() },
    data: { visitor: otter, session: token, network: home, locale: "en", isNew: false },
    onAny: (listener: typeof receive) => {
      receive = listener;
    },
  } as unknown as ChatSocket;
  let end: (session: Session) => void = () => undefined;
  const services = {
    ...{
      queueBounds: { commands: 10, bytes: 10_000 },
      clock: { now: () => 0, after: () => () => undefined },
    },
    inboxes: { arrive: () => undefined },
    commandRate: { tryTake: () => 0 },
    metrics: { commandTook: () => undefined, refused: () => undefined },
    logger: { error: () => undefined, debug: () => undefined },
    sessions: { confirm: async () => undefined, ends: { announce: (session: Session) => end(session) } },
    networks: { take: async () => undefined },
    rareCommands: { forgets: { take: () => undefined } },
    forgetting: { prove: async () => undefined, forget: () => step("forget").then(() => ended) },
    moderation: { isFresh: true, checkBan: () => undefined, roles: { forget: () => step("role") } },
  } as unknown as SharedByConnections;
  const connection = new Connection(socket, services, undefined);
  connection.listen();
  end = (session) => connection.endIfOlder(session);
  const forget = () =>
    receive("visitor:forget", {}, (answer: { ok: boolean }) => told.push(answer.ok ? "ok" : "refused"));
  return { connection, forget, told, steps, goOn: () => goOn() };
}

test("[ID-5] a visitor who is forgotten gets its answer before its connection ends, whenever the replica reads of the end", async () => {
  for (const readAt of ["role", "forget", "answer"]) {
    const { connection, forget, told, steps, goOn } = open();
    forget();
    for (const name of ["role", "forget"]) {
      await expect.poll(() => steps.at(-1)).toBe(name);
      if (readAt === name) connection.endIfOlder(ended);
      goOn();
    }
    await expect.poll(() => told.length).toBeGreaterThanOrEqual(2);
    expect(told.slice(0, 2), readAt).toEqual(["ok", "close"]);
  }
});

test("[ID-5] the role of a forgotten visitor is removed before its tokens end", async () => {
  const { forget, steps, goOn } = open();
  forget();
  await settle();
  expect(steps).toEqual(["role"]);
  goOn();
  await expect.poll(() => steps).toEqual(["role", "forget"]);
});

test("[ID-1] a connection without a command under way ends at once when its token has ended, and only then", async () => {
  const { connection, told } = open();
  for (const other of [
    { ...ended, visitor: "heron" },
    { ...ended, device: "desk" },
    { ...ended, generation: 0 },
  ])
    connection.endIfOlder(other);
  expect(told).toEqual([]);
  connection.endIfOlder({ ...ended, device: "phone" });
  expect(told).toEqual(["close"]);
});
