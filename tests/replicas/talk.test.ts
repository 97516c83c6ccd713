import { outlast } from "../support/leaves";
import type { Replica } from "../support/replica";
import { expect, type Talker, test } from "../support/talker";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, number) => `line ${number} 안녕`);

/** Expects that the client ended with 0, and that all lines came once and in order, on the wire and on its standard output. */
async function expectWhole(talker: Talker, witness: WireVisitor, lines: string[]): Promise<void> {
  expect(await talker.exit, talker.output()).toEqual({ code: 0, signal: null });
  await witness.waitFor("the last", () => witness.log("lobby").texts.length >= lines.length);
  expect(witness.log("lobby").texts).toEqual(lines);
  expect(talker.texts()).toEqual(lines);
}

/** Expects that the client joined once and left once. */
async function expectOneVisit(talker: Talker, witness: WireVisitor): Promise<void> {
  const last = talker.records("entered")[0]?.[3];
  await witness.entry("lobby", (entry) => entry.kind === "leave" && entry.by.id === last);
  const notices = witness
    .log("lobby")
    .entries.filter((entry) => entry.kind !== "message" && "by" in entry && entry.by.id === last);
  expect(notices.map(({ kind }) => kind)).toEqual(["join", "leave"]);
}

test("[C-2] piped lines are sent once and in order, and the client ends with 0 when all are stored", async ({
  startReplicas,
  connect,
  startTalker,
}) => {
  const [one, other] = (await startReplicas(2)) as [Replica, Replica];
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const talker = startTalker([one.url], { command: ["npm", "run", "--silent", "talk", "--"] });
  const lines = numbered(15);
  talker.say(...lines, "", "//slash");
  talker.endInput();
  await expectWhole(talker, witness, [...lines, "/slash"]);
  await expectOneVisit(talker, witness);
  expect(talker.written("stderr").replace(/^npm warn.*\n/gm, "")).toBe("");
});

test("[C-1] [C-2] a link that is cut again and again, each time before an ack arrives, loses and doubles nothing", async ({
  startReplicas,
  startFront,
  connect,
  startTalker,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const front = await startFront(replicas.map(({ port }) => port));
  front.lagMs = 60;
  const witness = await connect({ url: replicas[1].url });
  await witness.join("lobby");
  const talker = startTalker([front.url]);
  const lines = numbered(10);
  talker.say(...lines);
  talker.endInput();
  for (const count of [2, 4, 6, 8]) {
    await witness.waitFor(`line ${count}`, () => witness.log("lobby").texts.length >= count);
    // The witness has the line, and its ack is still under way.
    front.cut();
  }
  await expectWhole(talker, witness, lines);
});

test("[N-3] [C-2] when its replica is killed the client continues on the other, without a notice", async ({
  startReplicas,
  startFront,
  connect,
  startTalker,
}) => {
  const [doomed, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const front = await startFront([doomed.port, other.port]);
  front.lagMs = 20;
  front.pinNext(doomed.port);
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const talker = startTalker([front.url]);
  const lines = numbered(12);
  talker.say(...lines);
  await witness.waitFor("some talk", () => witness.log("lobby").texts.length >= 3);
  await doomed.kill();
  await witness.say("lobby", "are you there?");
  await until("the answer", () => talker.texts().includes("are you there?"));
  await until("the end of the lease", () => other.output().includes("lease has lapsed"));
  await witness.say("lobby", "still there?");
  await until("the last word", () => talker.texts().includes("still there?"));
  talker.endInput();
  expect(await talker.exit).toEqual({ code: 0, signal: null });
  expect(talker.texts().filter((text) => !text.endsWith("there?"))).toEqual(lines);
  expect(witness.log("lobby").texts).toEqual(talker.texts());
  expect(talker.records("join"), "its own").toHaveLength(2);
  expect(talker.records("leave")).toEqual([]);
});

test("[W-2] [N-1] the client moves away from a draining replica, and continues without a word to its reader", async ({
  startReplicas,
  startFront,
  connect,
  startTalker,
}) => {
  const [old, other] = (await startReplicas(2)) as [Replica, Replica];
  const front = await startFront([old.port, other.port]);
  front.pinNext(old.port);
  const witness = await connect({ url: other.url });
  await witness.join("lobby");
  const talker = startTalker([front.url]);
  talker.say("before");
  await witness.waitFor("its first words", () => witness.log("lobby").texts.length === 1);
  const exit = old.stop();
  await until("the move", () => front.linkCount(other.port) === 1 && front.linkCount(old.port) === 0);
  const latecomer = await connect({ url: other.url });
  await latecomer.join("lobby");
  await outlast(witness, latecomer);
  talker.say("after");
  talker.endInput();
  await expectWhole(talker, witness, ["before", "after"]);
  await expectOneVisit(talker, witness);
  expect(talker.written("stderr"), "the reader is not told of a deploy").toBe("");
  expect(await exit).toEqual({ code: 0, signal: null });
});

test("the client reports a refused line on stderr, sends the others, and ends with 1", async ({
  startReplica,
  startTalker,
}) => {
  const { url } = await startReplica();
  const talker = startTalker([url]);
  talker.say("good", "a \u0007 bell", "x".repeat(20_000), "/nonsense", "/join no-such-room", "good again");
  talker.endInput();
  expect(await talker.exit).toEqual({ code: 1, signal: null });
  expect(talker.texts()).toEqual(["good", "good again"]);
  const [bell, tooLong, nonsense, room] = talker.written("stderr").split("\n");
  expect(bell).toMatch(/^Refused \(.*\): a ␇ bell$/);
  expect(tooLong).toMatch(/^Refused \(The text is too long.\): x+$/);
  expect(nonsense).toContain("There’s no /nonsense");
  expect(room).toBe("This room doesn’t exist.");
});

test("the client makes a room, talks there, and goes back", async ({
  startReplica,
  connect,
  startTalker,
}) => {
  const { url } = await startReplica({ RATE_LIMITS: "off" });
  const witness = await connect({ url });
  await witness.join("lobby");
  const talker = startTalker([`${url}/ko/chat/lobby`]);
  talker.say(
    "/create Quiet\u3000corner",
    "in private",
    "/join lobby",
    "in public",
    "/who",
    "/id",
    "/quit",
    "unheard",
  );
  expect(await talker.exit, talker.output()).toEqual({ code: 0, signal: null });
  expect(talker.texts()).toEqual(["in private", "in public"]);
  expect(witness.log("lobby").texts).toEqual(["in public"]);
  const rooms = talker.records("entered").map(([, , title]) => title);
  expect(rooms).toEqual(["lobby", "Quiet corner", "lobby"]);
  const [id = ""] = talker.records("self").map(([, own]) => own);
  expect(
    talker
      .records("member")
      .map(([, member]) => member)
      .sort(),
  ).toEqual([id, witness.id].sort());
});

test("[W-3] a client that cannot start says why in one line, and ends with 1", async ({
  startReplica,
  startTalker,
}) => {
  const { url } = await startReplica();
  const closed = await startReplica({ ALLOW_NO_ORIGIN: undefined });
  const cases: [string[], string][] = [
    [[closed.url], "ALLOW_NO_ORIGIN=true"],
    [[url, "nowhere"], "There’s no room nowhere."],
    [[`${url.replace("http:", "https:")}`], "encryption"],
    [["localhost:3000"], "isn’t an address"],
  ];
  for (const [words, said] of cases) {
    const talker = startTalker(words);
    expect(await talker.exit, talker.output()).toEqual({ code: 1, signal: null });
    expect(talker.written("stderr").trim().split("\n")).toHaveLength(1);
    expect(talker.written("stderr")).toContain(said);
    expect(talker.written("stdout")).toBe("");
  }
});

test("the help lists the commands without a server, and ends with 0", async ({ startTalker }) => {
  for (const word of ["--help", "-h"]) {
    const talker = startTalker([word]);
    expect(await talker.exit, talker.output()).toEqual({ code: 0, signal: null });
    expect(talker.written("stdout")).toMatch(
      /^npm run talk -- \[URL\] \[ROOM\][\s\S]*\n\/with ID +message one visitor/,
    );
    expect(talker.written("stderr")).toBe("");
  }
});

test("a pipe whose conversation is gone ends with 1: its later lines are not for the lobby", async ({
  startReplica,
  startFront,
  connect,
  startTalker,
}) => {
  const first = await startReplica({ REDIS_URL: undefined, RATE_LIMITS: "off" });
  const front = await startFront([first.port]);
  const other = await connect({ url: first.url });
  const talker = startTalker([front.url]);
  talker.say("/with me", `/with ${other.id}`);
  await until("the conversation", () => talker.records("entered").length === 2);
  expect(talker.written("stderr")).toBe("That ID isn’t valid: /who lists the IDs of everyone here.\n");
  const second = await startReplica({ REDIS_URL: undefined, RATE_LIMITS: "off" });
  front.remove(first.port);
  front.add(second.port);
  front.cut();
  expect(await talker.exit, talker.output()).toEqual({ code: 1, signal: null });
  expect(talker.written("stderr")).toMatch(/There’s no room direct-\w+\.\n$/);
});

test("without a server the client says so once and keeps trying; when it is ended it names the unsent lines", async ({
  startFront,
  startReplica,
  startTalker,
}) => {
  const front = await startFront([]);
  const talker = startTalker([front.url]);
  talker.say("one", "two");
  await until("the word of it", () => talker.written("stderr").includes("Trying again…"));
  const { port } = await startReplica();
  front.add(port);
  await until("the message", () => talker.texts().length === 2);
  front.remove(port);
  front.cut();
  await until("the word of it", () => talker.written("stderr").split("Trying again…").length === 3);
  // Its answer to the first line shows that it has read the second.
  talker.say("/nonsense", "three");
  await until("the mistake", () => talker.written("stderr").includes("/nonsense"));
  talker.signal("SIGTERM");
  expect(await talker.exit, talker.output()).toEqual({ code: 1, signal: null });
  expect(talker.written("stderr")).toMatch(/Not sent: three\n$/);
  expect(talker.texts()).toEqual(["one", "two"]);
});

test("[DM-1] two terminals on two replicas have a conversation of two by /with and an id", async ({
  startReplicas,
  startTalker,
}) => {
  const replicas = await startReplicas(2, { RATE_LIMITS: "off" });
  const [ann, ben] = replicas.map(({ url }) => startTalker([url])) as [Talker, Talker];
  const idOf = async (talker: Talker) => {
    talker.say("/id");
    return until("its id", () => talker.records("self").at(-1)?.[1]);
  };
  const ids = [await idOf(ann), await idOf(ben)];
  ann.say(`/with ${ids[1]}`);
  ben.say(`/with ${ids[0]}`);
  const rooms = await Promise.all(
    [ann, ben].map((talker) => until("the conversation", () => talker.records("entered")[1]?.[1])),
  );
  expect(rooms[0]).toMatch(/^direct-/);
  expect(rooms[1]).toBe(rooms[0]);
  expect(ann.records("partner")).toMatchObject([["partner", ids[1], expect.any(String), "online"]]);
  ann.say("hello, Ben");
  await until("the first", () => ben.texts().includes("hello, Ben"));
  ben.say("hello, Ann");
  await until("the answer", () => ann.texts().includes("hello, Ann"));
  for (const talker of [ann, ben]) {
    talker.say("/quit");
    expect(await talker.exit, talker.output()).toEqual({ code: 0, signal: null });
  }
});
