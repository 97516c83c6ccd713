import { beginIdentity, isIdentityOver, resumeIdentity } from "../../components/chat/client/browser-identity";
import { openSessionToken } from "../../components/chat/client/session-token";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment } from "./fake-environment";

/** Two tabs of one browser: each has its own session storage, and they share the local storage. */
function twoTabs() {
  const here = new FakeEnvironment();
  const there = new FakeEnvironment(here.browser);
  for (const environment of [here, there]) resumeIdentity(environment);
  return { here, there };
}

test("a new visitor in one tab becomes the other tab's, too, once that has reloaded", () => {
  const { here, there } = twoTabs();
  openSessionToken(here.local).keep("old");
  there.session.set("madang:draft:lobby", "half a thought");
  there.session.set("madang:outbox:lobby", "[]");
  beginIdentity(here, "new");
  expect([isIdentityOver(here), isIdentityOver(there)]).toEqual([false, true]);
  resumeIdentity(there);
  expect(isIdentityOver(there)).toBe(false);
  expect(openSessionToken(there.local).current()).toBe("new");
  expect([...there.session.kept.keys()], "drafts of the other visitor").toEqual(["madang:visit"]);
});

test("a tab that does not know yet takes the new token for its next connection, and cannot bring the old one back", () => {
  const { here, there } = twoTabs();
  const late = openSessionToken(there.local);
  late.keep("old");
  beginIdentity(here, "new");
  late.keep("old, renewed");
  expect(openSessionToken(here.local).current()).toBe("new");
  expect(late.current()).toBe("new");
  late.keep("new, renewed");
  expect(openSessionToken(here.local).current()).toBe("new, renewed");
});

test("a late write about the old token does not touch the new one", () => {
  const { here } = twoTabs();
  beginIdentity(here, "new");
  here.local.set("madang:token", "old, written by a tab that had looked just before");
  expect(openSessionToken(here.local).current()).toBe("new");
});

test("a new visitor keeps nothing of the former one except the theme", () => {
  const { here } = twoTabs();
  here.local.set("madang:theme", "dark");
  here.local.set("another-site's", "own");
  openSessionToken(here.local).keep("old");
  here.session.set("madang:draft:lobby", "a secret");
  beginIdentity(here);
  expect(openSessionToken(here.local).current()).toBeUndefined();
  expect([...here.local.kept.keys()].sort()).toEqual(["another-site's", "madang:theme", "madang:visit"]);
  expect([...here.session.kept.keys()]).toEqual(["madang:visit"]);
});

test("a reload under the same identity keeps the draft", () => {
  const { here } = twoTabs();
  beginIdentity(here, "new");
  here.session.set("madang:draft:lobby", "half a thought");
  resumeIdentity(here);
  expect(here.session.get("madang:draft:lobby")).toBe("half a thought");
});

test("a refused token is dropped, but not the token that has replaced it", () => {
  const { here } = twoTabs();
  const token = openSessionToken(here.local);
  token.keep("old");
  openSessionToken(here.local).keep("newer");
  token.drop("old");
  expect(token.current()).toBe("newer");
  token.drop("newer");
  expect(token.current()).toBeUndefined();
});
