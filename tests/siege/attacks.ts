import { randomBytes, randomUUID } from "node:crypto";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Rogue, type Tally } from "./rogue";

/** The equipment of one of an attacker's sockets. */
export type Work = {
  /** The replica that this socket attacks. */
  url: string;
  /** The address from which all of the attacker's connections come. */
  address: string;
  /** The visitor whose list of conversations is attacked. */
  victim: string;
  tally: Tally;
  isOver(): boolean;
};

export type Attack = {
  /** How many sockets attack at once. */
  sockets: number;
  /** The lobby's history is full when the attack begins. */
  needsFullRoom?: boolean;
  /** Attacks with one socket, until the time is over. */
  run(work: Work, socket: number): Promise<void>;
};

const randomId = (): string => randomBytes(12).toString("base64url");
/** A long text whose characters each have many code points: the most expensive to count. */
const dearText = "👩‍👩‍👧‍👦".repeat(2_400);
const heavyText = "x".repeat(16 * 1024);
const frameText = "y".repeat(27_000);

/** Connects again and again, at least once, and acts on each connection. */
async function withEach(work: Work, act: (rogue: Rogue) => Promise<void>): Promise<void> {
  do {
    const rogue = await Rogue.connect(work);
    if (rogue === undefined) {
      // An attacker's own machine needs some time between two tries.
      await pause(10);
      continue;
    }
    await act(rogue);
    rogue.close();
  } while (!work.isOver());
}

/** Keeps `width` calls going at once, until the time is over or the connection is closed. */
async function without(work: Work, rogue: Rogue, width: number, ask: () => Promise<unknown>): Promise<void> {
  const one = async () => {
    while (!work.isOver() && rogue.isOpen) await ask();
  };
  await Promise.all(Array.from({ length: width }, one));
}

export const attacks = {
  "send and hang up": {
    sockets: 40,
    run: (work) =>
      withEach(work, async (rogue) => {
        await rogue.ask("room:join", { room: "lobby" });
        await Promise.all(Array.from({ length: 10 }, () => rogue.say("lobby", `buy this ${randomId()}`)));
      }),
  },
  "new visitors": { sockets: 40, run: (work) => withEach(work, async () => undefined) },
  // Fewer at once: the attacked machine also computes their proofs.
  "new visitors with proof": {
    sockets: 4,
    run: async (work) => {
      while (!work.isOver()) {
        const rogue = await Rogue.connectWithProof(work);
        await rogue?.ask("room:join", { room: "lobby" });
        for (let number = 0; number < 3; number += 1) await rogue?.say("lobby", `buy this ${randomId()}`);
        rogue?.close();
        if (rogue === undefined) await pause(10);
      }
    },
  },
  "refused long texts": {
    sockets: 10,
    run: (work) =>
      withEach(work, async (rogue) => {
        await rogue.ask("room:join", { room: "lobby" });
        await without(work, rogue, 4, () => rogue.say("lobby", dearText));
      }),
  },
  forget: {
    sockets: 20,
    needsFullRoom: true,
    run: (work) =>
      withEach(work, async (rogue) => {
        await rogue.ask("room:join", { room: "lobby" });
        await rogue.say("lobby", "soon forgotten");
        await rogue.ask("visitor:forget", {});
      }),
  },
  "heavy texts in rooms of its own": {
    sockets: 40,
    run: (work) =>
      withEach(work, async (rogue) => {
        const answer = await rogue.answer("room:create", { title: `heavy ${randomId()}` });
        const { id: room } = (answer?.room ?? { id: "lobby" }) as { id: string };
        await rogue.ask("room:join", { room });
        for (let number = 0; number < 20 && !work.isOver(); number += 1)
          if (!(await rogue.say(room, heavyText))) break;
      }),
  },
  rooms: {
    sockets: 40,
    run: (work) =>
      withEach(work, async (rogue) => {
        const answer = await rogue.answer("room:create", { title: `room ${randomId()}` });
        const { id: room } = (answer?.room ?? {}) as { id?: string };
        if (room === undefined) return;
        await rogue.ask("room:join", { room });
        await rogue.say(room, "come in");
        const friend = await Rogue.connect(work);
        await friend?.ask("room:join", { room });
        await friend?.say(room, "I am in");
        friend?.close();
      }),
  },
  "conversations with one victim": {
    sockets: 40,
    run: (work) =>
      withEach(work, async (rogue) => {
        const answer = await rogue.answer("direct:open", { with: work.victim });
        const { id: room } = (answer?.room ?? {}) as { id?: string };
        if (room === undefined) return;
        await rogue.ask("room:join", { room });
        await rogue.say(room, "hello");
      }),
  },
  "blocks of made-up ids": {
    sockets: 40,
    run: (work) =>
      withEach(work, (rogue) =>
        without(work, rogue, 20, () =>
          rogue.ask("visitor:block", { visitor: randomBytes(12).toString("base64url"), blocked: true }),
        ),
      ),
  },
  "frames without a callback": {
    sockets: 20,
    run: (work) =>
      withEach(work, async (rogue) => {
        await rogue.ask("room:join", { room: "lobby" });
        while (!work.isOver() && rogue.isOpen) {
          if (rogue.waitingPackets < 20)
            rogue.shout("message:send", { room: "lobby", text: frameText, clientMessageId: randomUUID() });
          await pause(10);
        }
      }),
  },
  "pages of history": {
    sockets: 100,
    needsFullRoom: true,
    run: (work) =>
      withEach(work, async (rogue) => {
        await rogue.ask("room:join", { room: "lobby" });
        await without(work, rogue, 4, () =>
          rogue.ask("history:read", {
            room: "lobby",
            before: 200 + Math.floor(Math.random() * 9_000),
            limit: 200,
          }),
        );
      }),
  },
  "commands above the rate": {
    sockets: 20,
    run: (work) => withEach(work, (rogue) => without(work, rogue, 50, () => rogue.ask("room:list", {}))),
  },
  joins: {
    sockets: 40,
    run: (work) =>
      withEach(work, async (rogue) => {
        await rogue.ask("room:join", { room: "lobby" });
        await rogue.ask("room:leave", { room: "lobby" });
      }),
  },
  "connections of one IPv6 network": {
    sockets: 400,
    run: async (work, socket) => {
      const address = `2001:db8:1:2::${(socket + 1).toString(16)}`;
      const rogue = await Rogue.connect({ ...work, address });
      await rogue?.ask("room:join", { room: "lobby" });
      while (!work.isOver()) await pause(100);
      rogue?.close();
    },
  },
  "silent sockets": {
    sockets: 3_000,
    run: async (work) => {
      const { hostname, port } = new URL(work.url);
      while (!work.isOver()) {
        const socket = connect(Number(port), hostname);
        const isTaken = await new Promise<boolean>((resolve) => {
          socket.once("connect", () => resolve(true));
          socket.once("error", () => resolve(false));
        });
        if (!isTaken) work.tally.refusedConnections += 1;
        else {
          work.tally.connections += 1;
          await new Promise<void>((resolve) => {
            socket.once("close", () => {
              work.tally.closedConnections += 1;
              resolve();
            });
            socket.on("error", () => undefined);
            const stop = setInterval(() => work.isOver() && socket.destroy(), 500);
            socket.once("close", () => clearInterval(stop));
          });
        }
        await pause(200);
      }
    },
  },
} satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;
export const attackNames = Object.keys(attacks) as AttackName[];
export const isAttackName = (name: string): name is AttackName => Object.hasOwn(attacks, name);
