import { maxTextGraphemes } from "../../protocol/limits";
import { checkText, checkTitle } from "../../server/gateway/check-text";
import { parseCommand } from "../../server/gateway/commands/commands";
import { parseHandshake } from "../../server/gateway/handshake";
import { expect, test } from "../support/plain-test";

const parseInput = (event: string, input: unknown) =>
  parseCommand(event, [input]).input as Record<string, unknown>;
const refusal = (code: string) => expect.objectContaining({ code });
const codeOf = (check: () => void): string => {
  try {
    check();
    return "ok";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test("[W-5] unknown fields are dropped", () => {
  const input = { room: "lobby", by: { id: "x" }, seq: 1, __proto__: { polluted: true } };
  expect(parseInput("room:join", input)).toEqual({ room: "lobby" });
  expect(parseHandshake({ protocol: 1, admin: true })).toEqual({ protocol: 1 });
});

test("[W-5] a wrong shape is a bad request, whose message names the field and not its content", () => {
  for (const input of [
    null,
    undefined,
    [],
    "lobby",
    1,
    {},
    { room: 1 },
    { room: "LOBBY" },
    { room: "__proto__" },
  ])
    expect(
      codeOf(() => parseInput("room:join", input)),
      JSON.stringify(input),
    ).toBe("bad_request");
  const secret = { room: "<secret>" };
  expect(() => parseInput("room:join", secret)).toThrow(/room/);
  expect(() => parseInput("room:join", secret)).not.toThrow(/secret/);
});

test("room ids may have only characters of their alphabet", () => {
  const rooms = ["lobby", "a", "0-_", "a".repeat(64)];
  for (const room of rooms) expect(parseInput("room:leave", { room })).toEqual({ room });
  for (const room of ["", "-a", "_a", "A", "a}{b", "}", "a b", "가", "a".repeat(65), "a\n"])
    expect(
      codeOf(() => parseInput("room:leave", { room })),
      room,
    ).toBe("bad_request");
});

test("[C-4] a text is limited in graphemes and in bytes", () => {
  const family = "👨‍👩‍👧‍👦";
  expect(codeOf(() => checkText("a".repeat(maxTextGraphemes)))).toBe("ok");
  expect(codeOf(() => checkText("a".repeat(maxTextGraphemes + 1)))).toBe("too_large");
  expect(codeOf(() => checkText("가".repeat(maxTextGraphemes)))).toBe("ok");
  expect(codeOf(() => checkText(family.repeat(600)))).toBe("ok");
  expect(codeOf(() => checkText(family.repeat(700)))).toBe("too_large");
  expect(codeOf(() => checkText(`e${"\u0301".repeat(8_191)}`))).toBe("ok");
  expect(codeOf(() => checkText(`e${"\u0301".repeat(8_192)}`))).toBe("too_large");
});

test("[C-4] control characters except newline and tab are refused", () => {
  expect(codeOf(() => checkText("a\n\tb"))).toBe("ok");
  for (const control of ["\u0000", "\u0007", "\r", "\u001b", "\u007f", "\u0085"])
    expect(codeOf(() => checkText(`a${control}`))).toBe("bad_request");
});

test("[C-6] a text with nothing to show is a bad request", () => {
  for (const blank of ["", " ", "\n\t", "\u200b", "\u3164", "\u00a0\u2060", "\ufeff"])
    expect(
      codeOf(() => checkText(blank)),
      JSON.stringify(blank),
    ).toBe("bad_request");
});

test("[C-4] lone surrogates are replaced, and everything else is unchanged", () => {
  const send = (text: string) =>
    parseInput("message:send", { room: "lobby", clientMessageId: "abcdefgh", text }).text;
  expect(send("a\ud800b")).toBe("a\ufffdb");
  expect(send("  e\u0301 \n")).toBe("  e\u0301 \n");
});

test("[C-2] a client's message id may have only characters of its alphabet, and a bounded length", () => {
  const send = (clientMessageId: string) =>
    codeOf(() => parseInput("message:send", { room: "lobby", text: "x", clientMessageId }));
  expect(send("a".repeat(8))).toBe("ok");
  expect(send("a".repeat(64))).toBe("ok");
  for (const id of ["a".repeat(7), "a".repeat(65), "abc defgh", "abcdefg:"])
    expect(send(id)).toBe("bad_request");
});

test("cursors and limits are whole numbers within bounds", () => {
  const join = (cursor: unknown) => codeOf(() => parseInput("room:join", { room: "lobby", cursor }));
  expect(join({ epoch: "e", seq: 0 })).toBe("ok");
  for (const cursor of [
    { epoch: "", seq: 0 },
    { epoch: "e", seq: -1 },
    { epoch: "e", seq: 1.5 },
    { seq: 1 },
    null,
  ])
    expect(join(cursor)).toBe("bad_request");
  const read = (limit: unknown) => codeOf(() => parseInput("history:read", { room: "lobby", limit }));
  expect([read(1), read(200), read(0), read(201), read("1")]).toEqual([
    "ok",
    "ok",
    "bad_request",
    "bad_request",
    "bad_request",
  ]);
});

test("a title has 1 to 80 characters", () => {
  expect(codeOf(() => checkTitle("가".repeat(80)))).toBe("ok");
  expect(codeOf(() => checkTitle("가".repeat(81)))).toBe("too_large");
  expect(codeOf(() => checkTitle(`e${"\u0301".repeat(1_000)}`))).toBe("too_large");
  for (const title of ["", "  ", "a\u0000"]) expect(codeOf(() => checkTitle(title))).toBe("bad_request");
});

test("[W-4] a handshake of another protocol or shape is a bad request", () => {
  for (const auth of [
    {},
    { protocol: 2 },
    { protocol: "1" },
    { protocol: 1, locale: "xx" },
    { protocol: 1, token: 5 },
  ])
    expect(() => parseHandshake(auth), JSON.stringify(auth)).toThrow(refusal("bad_request"));
});
