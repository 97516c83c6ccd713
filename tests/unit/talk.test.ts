import type { Entry } from "../../protocol/events";
import { maxTextBytes } from "../../protocol/limits";
import { localeOf, readArguments } from "../../scripts/talk/arguments";
import { commandNames, readLine } from "../../scripts/talk/commands";
import { openFeed } from "../../scripts/talk/feed";
import { maxTextBytes as ownMaxTextBytes, TalkOutbox } from "../../scripts/talk/outbox";
import { bracketed, harmless, wrap } from "../../scripts/talk/plain-text";
import { record, recordEntry } from "../../scripts/talk/records";
import { paintEntry, paintGap, paintWord } from "../../scripts/talk/screen";
import { originRefused, troubleOf } from "../../scripts/talk/trouble";
import { expect, test } from "../support/plain-test";

const look = { columns: 40, hasColour: false };
const at = new Date(2026, 0, 2, 9, 5).getTime();
const by = { id: "v1", name: "Brave Otter" };
const message = (seq: number, text = `${seq}`): Entry => ({
  seq,
  at,
  kind: "message",
  by,
  text,
  clientMessageId: "12345678",
});

test.describe("texts of others", () => {
  test("escape sequences, bidi controls and line separators become visible signs without effect", () => {
    expect(harmless("\u001b[31m\u009b2J\u0000\u007f\r\n\t")).toBe("␛[31m�2J␀␡␍␊␉");
    expect(harmless("\u202eevil\u2066\u2069\u200f\u061c\u2028\u2029\ud800")).toBe(`�evil${"�".repeat(7)}`);
    const honest = "안녕 ここ 👩‍👩‍👧 می‌خواهم é {}<>\\";
    expect(harmless(honest)).toBe(honest);
  });

  test("a name cannot end its own brackets", () => {
    expect(bracketed("x> hi <Admin\n")).toBe("<x› hi ‹Admin␊>");
  });

  test("a row is broken at its last space, or anywhere, and no letter of either width is lost", () => {
    expect(wrap("one two three", 8)).toEqual(["one two ", "three"]);
    expect(wrap("마당마당마당", 8)).toEqual(["마당마당", "마당"]);
    expect(wrap("", 8)).toEqual([""]);
    expect(wrap(`hi${" ".repeat(20)}12:00`, 8).join("")).toBe(`hi${" ".repeat(20)}12:00`);
    for (const row of wrap("x".repeat(50), 8)) expect(row.length).toBeLessThanOrEqual(8);
  });
});

test.describe("a row on the screen", () => {
  test("a message has its time and its author in brackets, and further rows are indented", () => {
    expect(paintEntry(message(1, "hello\nworld"), look)).toEqual([
      "09:05 <Brave Otter> hello",
      "      world",
    ]);
    const long = paintEntry(message(1, `hi${" ".repeat(60)}09:05 -- <Admin> left`), look);
    for (const row of long.slice(1)) expect(row.startsWith("      ")).toBe(true);
    for (const row of long) expect(row.length).toBeLessThanOrEqual(40);
  });

  test("each kind of notice has two dashes, which no message has in that place", () => {
    const notices: Entry[] = [
      { seq: 1, at, kind: "join", by },
      { seq: 2, at, kind: "leave", by },
      { seq: 3, at, kind: "closed", by },
      { seq: 4, at, kind: "rename", by, was: "A > B" },
      { seq: 5, at, kind: "removal", targets: [1] },
      { seq: 6, at, kind: "removed" },
      { seq: 7, at, kind: "visits", joined: 12, left: 9, memberCount: 5 },
    ];
    expect(notices.map((notice) => paintEntry(notice, { ...look, columns: 80 }).join())).toEqual([
      "09:05 -- <Brave Otter> joined",
      "09:05 -- <Brave Otter> left",
      "09:05 -- <Brave Otter> closed the room",
      "09:05 -- <A › B> is now <Brave Otter>",
      "09:05 -- a message was removed",
      "09:05 -- this message was removed",
      "09:05 -- 12 joined, 9 left",
    ]);
    expect(paintEntry({ seq: 8, at, kind: "of-a-later-version" } as unknown as Entry, look)).toEqual([]);
    const gone = { id: "v2", name: "–" };
    const ofForgotten: Entry[] = [
      { seq: 7, at, kind: "leave", by: gone },
      { seq: 8, at, kind: "rename", by: gone, was: "–" },
      { seq: 9, at, kind: "removal", targets: [], forgotten: "v2" },
    ];
    expect(ofForgotten.map((notice) => paintEntry(notice, { ...look, columns: 80 }).join())).toEqual([
      "09:05 -- a visitor who was forgotten left",
      "09:05 -- a visitor who was forgotten changed their name",
      "09:05 -- a visitor was forgotten, and their messages were removed",
    ]);
    const forged: Entry = {
      ...message(1, "x"),
      kind: "message",
      by: { id: "v", name: "-- <Brave Otter> left" },
      text: "x",
      clientMessageId: "12345678",
    };
    expect(paintEntry(forged, look)[0]).toMatch(/^09:05 <--/);
  });

  test("a gap says how much is missing, and the program's words begin with an asterisk", () => {
    expect(paintGap({ from: 3, to: 126, reason: "trimmed" }, look)).toEqual([
      "      -- 124 older entries have expired",
    ]);
    expect(paintGap({ from: 1, to: 1, reason: "reset" }, { ...look, columns: 90 }).join()).toContain(
      "was reset",
    );
    expect(paintWord("In \u001b[1m\nhere", look)).toEqual(["* In ␛[1m", "      here"]);
  });

  test("colour surrounds the texts of others, and only where it is enabled", () => {
    expect(paintEntry(message(1, "hi"), { ...look, hasColour: true })).toEqual([
      "09:05 \u001b[1m<Brave Otter>\u001b[0m hi",
    ]);
  });
});

test("a record is one line whose fields hold no tab of their own", () => {
  expect(record("room", "a\tb", "c\\n\nd", 3)).toBe("room\ta\\tb\tc\\\\n\\nd\t3");
  expect(recordEntry(message(7, "a\tb\nc"))).toBe(
    `message\t${new Date(at).toISOString()}\t7\tv1\tBrave Otter\ta\\tb\\nc`,
  );
  const visits: Entry = { seq: 8, at, kind: "visits", joined: 12, left: 9, memberCount: 5 };
  expect(recordEntry(visits)).toBe(`visits\t${new Date(at).toISOString()}\t8\t12\t9\t5`);
  const unknown = { seq: 9, at, kind: "of-a-later-version" } as unknown as Entry;
  expect(recordEntry(unknown)).toBe(`of-a-later-version\t${new Date(at).toISOString()}\t9`);
});

test.describe("a typed line", () => {
  test("a line is a text, a command, or a mistake with the right spelling", () => {
    expect(readLine("  ")).toEqual({ is: "blank" });
    expect(readLine(" hello ")).toEqual({ is: "text", text: " hello " });
    expect(readLine("//etc/hosts")).toEqual({ is: "text", text: "/etc/hosts" });
    expect(readLine("/Create  My  room ")).toEqual({ is: "command", name: "create", argument: "My  room" });
    expect(readLine("/name")).toEqual({ is: "command", name: "name", argument: "" });
    expect(readLine("/join")).toEqual({ is: "mistake", message: "Something is missing: /join ROOM" });
    for (const typed of ["/", "/nope", "/constructor", "/__proto__ x"])
      expect(readLine(typed).is).toBe("mistake");
    for (const name of commandNames) expect(readLine(`/${name} x`).is).toBe("command");
  });
});

test("the words of the command line are an address and a room, or the address of the chat's page", () => {
  expect(readArguments([])).toEqual({ ok: true, url: "http://localhost:3000", room: "lobby" });
  expect(readArguments(["https://blog.example/ko/chat/post-hello"])).toEqual({
    ok: true,
    url: "https://blog.example",
    room: "post-hello",
  });
  expect(readArguments(["http://[::1]:80/x?y", "tea"])).toEqual({
    ok: true,
    url: "http://[::1]",
    room: "tea",
  });
  for (const words of [["localhost:3000"], ["ftp://x"], ["lobby"], ["http://x", "a", "b"]])
    expect(readArguments(words)).toMatchObject({ ok: false });
  expect(localeOf({ LANG: "ko_KR.UTF-8" } as unknown as NodeJS.ProcessEnv)).toBe("ko");
  expect(localeOf({ LANG: "ko_KR.UTF-8", LC_ALL: "C" } as unknown as NodeJS.ProcessEnv)).toBe("en");
});

test("[W-3] [W-4] the end of a connection has one of three reasons: the address, the server's rules, or a temporary failure", () => {
  const failure = (message: string, code?: string) =>
    troubleOf(
      Object.assign(new Error("websocket error"), { description: { message, error: code ? { code } : {} } }),
    );
  expect(failure("Unexpected server response: 403")).toEqual({ why: originRefused, isAddressWrong: true });
  expect(failure("Unexpected server response: 404")).toMatchObject({ isAddressWrong: true });
  expect(failure("Unexpected server response: 503").isAddressWrong).toBeUndefined();
  expect(failure("", "ENOTFOUND").isAddressWrong).toBe(true);
  expect(failure("", "ECONNREFUSED")).toEqual({ why: "nothing is listening there" });
  const error = { code: "invalid_token", message: "no", retryable: false } as const;
  expect(troubleOf(Object.assign(new Error("refused"), { data: error }))).toEqual({ why: "no", error });
});

test.describe("the feed", () => {
  const open = () => {
    const shown: string[] = [];
    const feed = openFeed("lobby", {
      appended: (entries) => shown.push(...entries.map(({ seq }) => `${seq}`)),
      missed: ({ from, to, reason }) => shown.push(`${reason} ${from}-${to}`),
    });
    feed.resume({ entries: [message(4), message(5)], cursor: { epoch: "e", seq: 5 } });
    return { feed, shown };
  };

  test("[F-1] entries that continue the feed are shown once; after a hole none is accepted", () => {
    const { feed, shown } = open();
    expect(feed.append("e", [message(5), message(6)])).toBe(true);
    expect(feed.append("e", [message(8)])).toBe(false);
    expect(feed.append("another", [message(7)])).toBe(false);
    feed.resume({ entries: [message(6), message(7), message(8)], cursor: { epoch: "e", seq: 8 } });
    expect(shown).toEqual(["4", "5", "6", "7", "8"]);
    expect(feed.cursor()).toEqual({ epoch: "e", seq: 8 });
  });

  test("[F-0] a gap is shown once and the feed continues after it; a new epoch begins anew", () => {
    const { feed, shown } = open();
    const gap = { from: 6, to: 9, reason: "trimmed" } as const;
    feed.resume({ entries: [message(10)], cursor: { epoch: "e", seq: 10 }, gap });
    feed.skip(gap, { epoch: "e", seq: 9 });
    feed.skip({ from: 1, to: 2, reason: "reset" }, { epoch: "f", seq: 2 });
    expect(feed.append("f", [message(3)])).toBe(true);
    expect(shown).toEqual(["4", "5", "trimmed 6-9", "10", "reset 1-2", "3"]);
  });
});

test.describe("the outbox", () => {
  type Sent = { input: Record<string, unknown>; answer(ack: unknown): void };
  const open = () => {
    const sent: Sent[] = [];
    const state = { isLive: true, seq: 1, rejoins: 0 };
    const outbox = new TalkOutbox({
      isLive: () => state.isLive,
      cursor: () => ({ epoch: "e", seq: state.seq }),
      ask: (_, input, answered) =>
        void sent.push({ input: { ...input }, answer: (ack) => answered(ack as never) }),
      rejoin: () => {
        state.rejoins += 1;
      },
      stored: () => {},
    });
    return { outbox, sent, state };
  };

  test("[C-2] one message is on its way at a time, and is sent again unchanged until its fate is known", async () => {
    const { outbox, sent, state } = open();
    const [one, two] = [outbox.write("lobby", "one"), outbox.write("lobby", "two")];
    expect(sent).toHaveLength(1);
    state.isLive = false;
    sent[0]?.answer(undefined);
    expect(sent).toHaveLength(1);
    state.isLive = true;
    state.seq = 9;
    outbox.flush();
    expect(sent[1]?.input, "the same id, and the cursor of the first try").toEqual(sent[0]?.input);
    sent[1]?.answer({ ok: true, seq: 10, at: 0 });
    expect(await one).toBeUndefined();
    expect(sent[2]?.input).toMatchObject({ text: "two", since: { epoch: "e", seq: 9 } });
    const error = { code: "bad_request", message: "no", retryable: false };
    sent[2]?.answer({ ok: false, error });
    expect(await two).toEqual(error);
    expect(outbox.unsent()).toEqual([]);
  });

  test("[C-2] a message refused as expired at the first try is tried anew; later that is final, because the outcome is unknown", async () => {
    const expired = { ok: false, error: { code: "expired", message: "late", retryable: false } };
    const first = open();
    void first.outbox.write("lobby", "one");
    first.sent[0]?.answer(expired);
    expect(first.state.rejoins).toBe(1);
    expect(first.outbox.unsent()).toEqual(["one"]);
    first.outbox.close();

    const later = open();
    const fate = later.outbox.write("lobby", "one");
    later.sent[0]?.answer(undefined);
    later.sent[1]?.answer(expired);
    expect(await fate).toMatchObject({ code: "expired" });
  });

  test("[C-2] a client that returns as another visitor does not repeat messages that may be stored", async () => {
    const { outbox, sent, state } = open();
    const [tried, untried] = [outbox.write("lobby", "tried"), outbox.write("lobby", "untried")];
    state.isLive = false;
    sent[0]?.answer(undefined);
    outbox.doubt();
    expect(await tried).toMatchObject({ code: "expired" });
    expect(outbox.unsent()).toEqual(["untried"]);
    state.isLive = true;
    outbox.flush();
    sent[1]?.answer({ ok: true, seq: 2, at: 0 });
    expect(await untried).toBeUndefined();
  });

  test("[C-4] [W-5] a text that would close the connection is not sent at all", async () => {
    expect(ownMaxTextBytes).toBe(maxTextBytes);
    const { outbox, sent } = open();
    expect(await outbox.write("lobby", "가".repeat(6_000))).toMatchObject({ code: "too_large" });
    expect(sent).toEqual([]);
  });
});
