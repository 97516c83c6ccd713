import type { Entry } from "../../protocol/events";
import { type Answers, emptyRoom, self } from "../support/made-up-server";
import { expect, test } from "../support/talker";
import { screenOf } from "../support/terminal-screen";
import { until } from "../support/until";

/** Texts that no replica sends: the terminal client must withstand any server. */
const hostile = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.\u2028\r\n12:00 -- <Admin> left";
const by = { id: "\u001b[1m", name: `x> hi <Admin${hostile}` };
const entries: Entry[] = [
  { seq: 1, at: 0, kind: "join", by },
  { seq: 2, at: 0, kind: "message", by, text: hostile, clientMessageId: "12345678" },
  { seq: 3, at: 0, kind: "rename", by, was: hostile },
];
const hostileRoom = (): object => ({
  ...emptyRoom("lobby"),
  room: { ...emptyRoom("lobby").room, title: hostile },
  entries,
  cursor: { epoch: "e", seq: 3 },
});

test("a pipe never gets the escape sequences, bidi controls and line breaks of others", async ({
  startServer,
  startTalker,
}) => {
  const url = await startServer({ "room:join": hostileRoom });
  const talker = startTalker([url]);
  talker.say("/who");
  talker.endInput();
  await talker.exit;
  expect(talker.output()).not.toMatch(/(?![\n\t])\p{Cc}|\p{Bidi_Control}|\p{Zl}/u);
  const lines = talker.written("stdout").trimEnd().split("\n");
  expect(lines.map((line) => line.split("\t")[0])).toEqual([
    "join",
    "message",
    "rename",
    "entered",
    "member",
    "count",
  ]);
  expect(talker.texts()).toEqual(["␛[2J␛]0;owned␇�31m�gnp.�␍\\n12:00 -- <Admin> left"]);
});

test("a terminal shows escape sequences, bidi controls and line breaks as letters, and no row of a text begins at the margin", async ({
  startServer,
  startAtTerminal,
}) => {
  const url = await startServer({ "room:join": hostileRoom });
  const talker = startAtTerminal(url, "true", { env: { NO_COLOR: "1" } });
  await until("the greeting", () => talker.output().includes("/help"));
  talker.type("\u0004");
  await talker.exit;
  const rows = screenOf(talker.output(), 40);
  expect(rows.filter((row) => /^\d\d:\d\d --/.test(row))).toHaveLength(2);
  for (const row of rows.filter((row) => row.includes("<Admin> left")))
    expect(row).toMatch(/^ {6}12:00 -- <Admin> left/);
  expect(talker.output(), "NO_COLOR").not.toContain("\u001b[1m");
});

test("the client says which commands an older server does not know, and carries out the others", async ({
  startServer,
  startTalker,
}) => {
  const asked: [string, unknown][] = [];
  const note = (command: string, answer: object) => (input: unknown) => {
    asked.push([command, input]);
    return answer;
  };
  const room = (id: string) => emptyRoom(id).room;
  const joining: Answers = { "room:join": ({ room: id }) => emptyRoom(String(id)), "room:leave": () => ({}) };
  const old = startTalker([await startServer(joining)]);
  const young = startTalker([
    await startServer({
      ...joining,
      "room:list": note("room:list", {
        rooms: [{ ...room("tea"), title: "Tea", memberCount: 3, lastEntryAt: 0 }],
      }),
      "name:change": note("name:change", { self: { ...self, name: "Calm Fox" } }),
      "direct:open": note("direct:open", {
        room: room("direct-1"),
        partner: { id: "v2", name: "Otter", online: true },
      }),
    }),
  ]);
  for (const talker of [old, young]) {
    talker.say("/rooms", "/name", "/name Calm Fox", "/with v2");
    talker.endInput();
  }
  expect(await old.exit).toEqual({ code: 1, signal: null });
  const refusals = ["rooms", "name", "name", "with"].map((name) => `This server doesn’t know /${name} yet.`);
  expect(old.written("stderr").trim().split("\n")).toEqual(refusals);

  expect(await young.exit, young.output()).toEqual({ code: 0, signal: null });
  expect(asked).toEqual([
    ["room:list", {}],
    ["name:change", { room: "lobby" }],
    ["name:change", { room: "lobby", name: "Calm Fox" }],
    ["direct:open", { with: "v2" }],
  ]);
  expect(young.records("room")).toEqual([["room", "tea", "3", "Tea"]]);
  expect(young.records("self").at(-1)).toEqual(["self", self.id, "Calm Fox"]);
  expect(young.records("entered").map(([, id]) => id)).toEqual(["lobby", "direct-1"]);
});

test("[F-1] the client fetches the entries missing in its feed, and shows a gap where there are none", async ({
  startServer,
  startTalker,
}) => {
  const message = (seq: number): Entry => ({
    seq,
    at: 0,
    kind: "message",
    by: self,
    text: `${seq}`,
    clientMessageId: "12345678",
  });
  const url = await startServer({
    "room:join": ({ cursor }, socket) => {
      const known = (cursor as { seq: number } | undefined)?.seq;
      const told = (events: Entry[]) =>
        socket.emit("feed:appended", { room: "lobby", epoch: "e", entries: events });
      if (known === undefined) setImmediate(() => told([message(1)]) && told([message(4)]));
      const missing = [message(1), message(2), message(3), message(4)].filter(
        ({ seq }) => seq > (known ?? 9),
      );
      const gap = { from: 5, to: 7, reason: "trimmed" };
      if (known === 1)
        setImmediate(
          () =>
            socket.emit("feed:gap", { room: "lobby", gap, cursor: { epoch: "e", seq: 7 } }) &&
            told([message(8)]),
        );
      return {
        ...emptyRoom("lobby"),
        entries: missing,
        cursor: { epoch: "e", seq: known === undefined ? 0 : 4 },
      };
    },
    "room:leave": () => ({}),
  });
  const talker = startTalker([url]);
  await until("the last", () => talker.texts().includes("8"));
  const told = talker
    .written("stdout")
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  const feed = told.filter(([kind]) => kind === "message" || kind === "gap");
  expect(feed.map((fields) => (fields[0] === "gap" ? fields.join(" ") : fields.at(-1)))).toEqual([
    "1",
    "2",
    "3",
    "4",
    "gap trimmed 5 7",
    "8",
  ]);
});
