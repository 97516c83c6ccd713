import { savedDrafts } from "../../components/chat/client/saved-outbox";
import { readSeen } from "../../components/chat/feed/saved-seen";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment } from "./fake-environment";

/** The browser's storage may have values of another version or another program: the page must still open. */

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
  test(`${JSON.stringify(written)} counts as no record of seen messages`, () => {
    expect(readSeen(written)).toEqual([]);
  });

test("readable records among unreadable ones are kept", () => {
  expect(readSeen('[null, ["lobby", "e1", 7], ["lobby", "e1", "7"]]')).toEqual([["lobby", "e1", 7]]);
});

const draft = { clientMessageId: "a-message", text: "hello", writtenAt: 1_000, fate: { is: "pending" } };
const key = "madang:outbox:lobby:a-message";

function draftsIn(kept: Record<string, string>): unknown[] {
  const { local } = new FakeEnvironment();
  for (const [name, written] of Object.entries(kept)) local.set(name, written);
  return savedDrafts(local).map((saved) => saved.draft);
}

for (const written of [
  ...strange,
  '{"fate":{"is":"pending"}}',
  JSON.stringify([draft]),
  JSON.stringify({ ...draft, text: 5 }),
  JSON.stringify({ ...draft, writtenAt: "x" }),
  JSON.stringify({ ...draft, writtenAt: Number.MAX_SAFE_INTEGER }),
  JSON.stringify({ ...draft, clientMessageId: "another-one" }),
])
  test(`${JSON.stringify(written)} counts as an empty outbox`, () => {
    expect(draftsIn({ [key]: written })).toEqual([]);
  });

for (const fate of [
  undefined,
  "lost",
  { is: "failed" },
  { is: "failed", error: {} },
  { is: "sent" },
  { is: "x" },
])
  test(`a draft with the state ${JSON.stringify(fate)} is tried again`, () => {
    expect(draftsIn({ [key]: JSON.stringify({ ...draft, fate }) })).toEqual([draft]);
  });

test("valid drafts beside broken ones stay in the outbox, in the order of writing", () => {
  const later = { ...draft, clientMessageId: "later", writtenAt: 2_000 };
  const kept = {
    "madang:outbox:lobby:later": JSON.stringify(later),
    "madang:outbox:lobby:broken": "%",
    "madang:outbox:lobby": JSON.stringify(draft),
    [key]: JSON.stringify(draft),
  };
  expect(draftsIn(kept)).toEqual([draft, later]);
});
