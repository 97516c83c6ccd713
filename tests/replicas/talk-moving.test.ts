import type { Socket } from "socket.io";
import { type Answers, emptyRoom } from "../support/made-up-server";
import { expect, test } from "../support/talker";
import { until } from "../support/until";

/** The terminal client moves when its replica asks it to: the replica ends, or has more than its share of connections. */

/** A moment that one part of a test waits for and another part announces. */
function moment() {
  let reached = () => {};
  const promise = new Promise<void>((resolve) => {
    reached = resolve;
  });
  return { promise, reached: () => reached() };
}

/** Records the commands that clients sent, as "1 joins lobby": the number is that of the connection. */
function observed(answers: Answers) {
  const happened: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (socket: Socket): number => {
    const number = numbers.get(socket.id) ?? numbers.size + 1;
    if (!numbers.has(socket.id)) socket.on("disconnect", () => happened.push(`${number} goes`));
    numbers.set(socket.id, number);
    return number;
  };
  const all: Answers = {
    "room:join": ({ room }) => emptyRoom(String(room)),
    "room:leave": () => ({}),
    // With number 0 the client waits for no entry of the feed.
    "message:send": () => ({ seq: 0, at: 0 }),
    ...answers,
  };
  const noted = Object.entries(all).map(([command, answer]): [string, Answers[string]] => [
    command,
    (input, socket) => {
      const { room = "", cursor } = input;
      happened.push(`${numberOf(socket)} ${command} ${room}${cursor ? " with its cursor" : ""}`.trim());
      return answer(input, socket);
    },
  ]);
  return { happened, numberOf, answers: Object.fromEntries(noted) };
}

const askToMove = (socket: Socket) => setImmediate(() => socket.emit("replica:draining", { afterMs: 0 }));

test("[W-2] each time the client is asked to move, its new connection joins before the old one ends", async ({
  startServer,
  startTalker,
}) => {
  const { happened, numberOf, answers } = observed({
    "room:join": (_, socket) => {
      if (numberOf(socket) < 3) askToMove(socket);
      return emptyRoom("lobby");
    },
  });
  startTalker([await startServer(answers)]);
  await until("the second one's end", () => happened.includes("2 goes"));
  expect(happened).toEqual([
    "1 room:join lobby",
    "2 room:join lobby with its cursor",
    "1 goes",
    "3 room:join lobby with its cursor",
    "2 goes",
  ]);
});

test("a command under way during a move gets its answer over the old connection", async ({
  startServer,
  startTalker,
}) => {
  const moved = moment();
  const { happened, numberOf, answers } = observed({
    "room:join": (_, socket) => {
      if (numberOf(socket) === 2) setImmediate(moved.reached);
      return emptyRoom("lobby");
    },
    "room:list": async (_, socket) => {
      askToMove(socket);
      await moved.promise;
      return { rooms: [{ ...emptyRoom("tea").room, memberCount: 3, lastEntryAt: 0 }] };
    },
  });
  const talker = startTalker([await startServer(answers)]);
  talker.say("/rooms");
  await until("the old one's end", () => happened.includes("1 goes"));
  talker.endInput();
  expect(await talker.exit, talker.output()).toEqual({ code: 0, signal: null });
  expect(talker.records("room")).toEqual([["room", "tea", "3", "tea"]]);
  expect(happened.filter((what) => what.includes("room:list"))).toEqual(["1 room:list"]);
});

for (const first of ["new", "old"])
  test(`a client that changes rooms while it moves is in the new room on the new connection: the ${first} one answers first`, async ({
    startServer,
    startTalker,
  }) => {
    const [asked, moved, left] = [moment(), moment(), moment()];
    const { happened, numberOf, answers } = observed({
      "room:join": async ({ room }, socket) => {
        const number = numberOf(socket);
        if (number === 1 && room === "tea") {
          askToMove(socket);
          await (first === "new" ? moved.promise : asked.promise);
        }
        if (number === 2 && room === "lobby") {
          asked.reached();
          if (first === "new") setImmediate(moved.reached);
          else await left.promise;
        }
        return emptyRoom(String(room));
      },
      // By now the client has the old connection's answer, and is in the other room.
      "room:leave": (_, socket) => {
        if (numberOf(socket) === 1) left.reached();
        return {};
      },
    });
    const talker = startTalker([await startServer(answers)]);
    talker.say("/join tea");
    await until("the other room", () => happened.some((what) => what.startsWith("2 room:join tea")));
    talker.say("hello");
    talker.endInput();
    expect(await talker.exit, talker.output()).toEqual({ code: 0, signal: null });
    expect(happened.filter((what) => what.includes("message:send"))).toEqual(["2 message:send tea"]);
    expect(happened).toContain("2 room:leave lobby");
  });
