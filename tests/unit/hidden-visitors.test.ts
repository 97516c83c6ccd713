import { beginIdentity } from "../../components/chat/client/browser-identity";
import { othersMessagesAfter } from "../../components/chat/feed/unseen-messages";
import { keepHidden } from "../../components/chat/members/hidden-visitors";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment } from "./fake-environment";
import { me, message, notice, other } from "./feed-makers";

const key = "madang:hidden";

test("a hidden visitor is stored by id with its last name, and can be shown again", () => {
  const { local } = new FakeEnvironment();
  const { kept, hide, showAgain } = keepHidden(local);
  hide(other);
  hide({ ...other, name: "Calm Otter" });
  expect([...kept.get().values()]).toEqual([{ ...other, name: "Calm Otter" }]);
  expect(keepHidden(local).kept.get().has(other.id), "after a reload").toBe(true);
  showAgain(other.id);
  expect(kept.get().size).toBe(0);
  expect(local.get(key)).toBeUndefined();
});

test("the list of hidden visitors is bounded: the visitor hidden first is dropped first", () => {
  const { kept, hide } = keepHidden(new FakeEnvironment().local);
  for (let number = 0; number < 250; number += 1) hide({ id: `v-${number}`, name: `Visitor ${number}` });
  expect(kept.get().size).toBe(200);
  expect([...kept.get().keys()].at(0)).toBe("v-50");
});

test("another tab's change is seen at once, and the list is the same object until it changes", () => {
  const { local } = new FakeEnvironment();
  const here = keepHidden(local);
  const there = keepHidden(local);
  there.hide(other);
  expect(here.kept.get().has(other.id)).toBe(true);
  expect(here.kept.get()).toBe(here.kept.get());
  here.hide(me);
  expect([...there.kept.get().keys()]).toEqual([other.id, me.id]);
});

for (const written of ["", "\n", "nameless", " no-id", "\u0000"])
  test(`no visitor is hidden by ${JSON.stringify(written)}`, () => {
    const { local } = new FakeEnvironment();
    local.set(key, written);
    expect(keepHidden(local).kept.get().size).toBe(0);
  });

test("after forgetting, no visitor is hidden", () => {
  const environment = new FakeEnvironment();
  const { kept, hide } = keepHidden(environment.local);
  hide(other);
  beginIdentity(environment);
  expect(kept.get().size).toBe(0);
});

test("new messages are those of others after a number, except of hidden visitors", () => {
  const rude = { id: "v-rude", name: "Rude Crow" };
  const lines = [
    message(1),
    message(2, me),
    message(3),
    notice(4, "join", other),
    message(5, rude),
    message(6),
  ];
  const hidden = new Map([[rude.id, rude]]);
  expect(othersMessagesAfter(1, lines, { self: me.id, hidden }).map(({ seq }) => seq)).toEqual([3, 6]);
  expect(othersMessagesAfter(6, lines, { self: me.id, hidden })).toEqual([]);
  expect(othersMessagesAfter(0, [], { self: undefined, hidden })).toEqual([]);
});
