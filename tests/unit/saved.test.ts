import { expect, test } from "@playwright/test";
import { savedOutbox } from "../../components/chat/client/saved-outbox";
import { readSeen } from "../../components/chat/feed/saved-seen";
import { FakeWorld } from "./fake-world";

/** What stands in the browser's storage may be of another version, or of another hand: the page opens all the same. */

const strange = [
  "",
  "null",
  "{}",
  "5",
  '"x"',
  "[null]",
  "[[]]",
  "[{}]",
  '[["lobby"]]',
  '[["lobby",5,"x"]]',
  "%",
];

for (const written of strange)
  test(`nothing is known to have been seen from ${JSON.stringify(written)}`, () => {
    expect(readSeen(written)).toEqual([]);
  });

test("what can be read among what cannot is kept", () => {
  expect(readSeen('[null, ["lobby", "e1", 7], ["lobby", "e1", "7"]]')).toEqual([["lobby", "e1", 7]]);
});

const draft = { clientMessageId: "a-message", text: "hello", writtenAt: 1_000, fate: { is: "pending" } };

for (const written of [
  ...strange,
  '[{"fate":{"is":"pending"}}]',
  JSON.stringify([{ ...draft, text: 5 }]),
  JSON.stringify([{ ...draft, writtenAt: "x" }]),
  JSON.stringify([{ ...draft, writtenAt: Number.MAX_SAFE_INTEGER }]),
])
  test(`no draft waits in ${JSON.stringify(written)}`, () => {
    const { session } = new FakeWorld();
    session.set("madang:outbox:lobby", written);
    expect(savedOutbox(session, "lobby")).toEqual([]);
  });

for (const fate of [undefined, "lost", { is: "failed" }, { is: "failed", error: {} }])
  test(`a draft whose fate is ${JSON.stringify(fate)} is tried again`, () => {
    const { session } = new FakeWorld();
    session.set("madang:outbox:lobby", JSON.stringify([{ ...draft, fate }, draft]));
    expect(savedOutbox(session, "lobby")).toEqual([draft, draft]);
  });

test("a whole draft waits beside a broken one", () => {
  const { session } = new FakeWorld();
  session.set("madang:outbox:lobby", JSON.stringify([{ ...draft, text: 5 }, draft]));
  expect(savedOutbox(session, "lobby")).toEqual([draft]);
});
