import { hearUnread, unreadRooms } from "../../components/chat/client/unread-rooms";
import type { AskAccount } from "../../components/identity/account-requests";
import { createIdentityClient } from "../../components/identity/identity-client";
import { expect, test } from "../support/plain-test";
import { refusal } from "./chat-visit";
import { FakeEnvironment, settle } from "./fake-environment";

type Asked = { action: string; input: object; token: string | undefined };

/** A page /me; the server gives the test's answers in order. */
function openPage(...answers: object[]) {
  const environment = new FakeEnvironment();
  const asked: Asked[] = [];
  const ask = (async (action, input, token) => {
    asked.push({ action, input, token });
    return answers.shift() ?? refusal("unavailable", true);
  }) as AskAccount;
  const client = createIdentityClient("en", environment, ask);
  return { environment, asked, client };
}

const status = (id: string, rest = {}) => ({ ok: true, visitor: { id }, lasting: true, ...rest });
const welcome = (id: string, token: string) => ({ ok: true, visitor: { id }, token });

test("the page asks for its visitor's name with the token, and again when the tab is shown", async () => {
  const page = openPage(status("v1"), status("v1", { handle: "otter" }));
  page.environment.local.set("madang:token", "mine");
  page.client.open();
  await settle();
  expect(page.asked).toEqual([{ action: "status", input: {}, token: "mine" }]);
  expect(page.client.getState().who).toEqual({ is: "known", visitor: "v1", lasting: true });
  expect(page.environment.sockets, "the token is already there").toHaveLength(0);
  await page.environment.page("shown");
  await page.environment.pass(50);
  expect(page.client.getState().who).toMatchObject({ visitor: "v1", handle: "otter" });
});

test("a first visitor gets a token over a connection that is closed again", async () => {
  const page = openPage(status("v1"));
  page.client.open();
  await settle();
  expect(page.environment.socket.handshake.token).toBeUndefined();
  await page.environment.socket.hear("session:started", { visitor: { id: "v1" }, token: "first" });
  expect(page.environment.openSockets).toHaveLength(0);
  expect(page.asked).toMatchObject([{ action: "status", token: "first" }]);
  expect(page.environment.local.get("madang:token")).toBe("first");
});

test("a visitor whose tokens were ended elsewhere becomes a new visitor at once", async () => {
  const page = openPage(refusal("invalid_token", false), status("v2"));
  page.environment.local.set("madang:token", "ended");
  page.client.open();
  await settle();
  await page.environment.socket.hear("session:started", { visitor: { id: "v2" }, token: "fresh" });
  expect(page.client.getState().who).toMatchObject({ is: "known", visitor: "v2" });
  expect(page.environment.local.get("madang:token")).toBe("fresh");
});

test("the page says when no answer came, and asks again on request", async () => {
  const page = openPage(refusal("unavailable", true), status("v1"));
  page.environment.local.set("madang:token", "mine");
  page.client.open();
  await settle();
  expect(page.client.getState().who).toMatchObject({ is: "unknown", error: { code: "unavailable" } });
  await page.client.refresh();
  await page.environment.pass(50);
  expect(page.client.getState().who).toMatchObject({ is: "known" });
});

test("signing up keeps the visit, with the new token; the password goes nowhere else", async () => {
  const page = openPage(welcome("v1", "renewed"), status("v1", { handle: "otter" }));
  page.environment.local.set("madang:token", "mine");
  page.environment.session.set("madang:draft:lobby", "half a thought");
  await page.client.signUp({ handle: "otter", password: "correct horse" });
  await page.environment.pass(50);
  expect(page.asked[0]).toMatchObject({ action: "sign-up", token: "mine" });
  expect(page.environment.local.get("madang:token")).toBe("renewed");
  expect(page.environment.session.get("madang:draft:lobby")).toBe("half a thought");
  expect(page.client.getState()).toMatchObject({ lastChange: "signedUp", who: { handle: "otter" } });
  expect(JSON.stringify([...page.environment.local.kept, ...page.environment.session.kept])).not.toContain(
    "horse",
  );
});

for (const { name, step, lastChange } of [
  { name: "logging in", step: "logIn", lastChange: "loggedIn" },
  { name: "logging out", step: "logOut", lastChange: "loggedOut" },
  { name: "deleting the account", step: "deleteAccount", lastChange: "deleted" },
] as const)
  test(`${name} begins an identity that keeps nothing of the one before`, async () => {
    const page = openPage(welcome("v2", "other"), status("v2"));
    page.environment.local.set("madang:token", "mine");
    page.environment.session.set("madang:outbox:lobby", "[]");
    hearUnread({ room: "direct-of-who-one-was", lastEntryAt: 1, unread: 1 });
    if (step === "logIn") await page.client.logIn({ handle: "otter", password: "correct horse" });
    else await page.client[step]();
    await page.environment.pass(50);
    expect(page.environment.local.get("madang:visit")).toBeTruthy();
    expect(page.environment.local.get("madang:token")).toBeUndefined();
    expect(page.environment.session.get("madang:outbox:lobby")).toBeUndefined();
    expect(unreadRooms()).toEqual([]);
    expect(page.asked.at(-1)).toEqual({ action: "status", input: {}, token: "other" });
    expect(page.client.getState()).toMatchObject({ lastChange, who: { visitor: "v2" } });
  });

test("a refusal changes nothing and reaches the caller", async () => {
  const page = openPage(refusal("name_taken", false));
  page.environment.local.set("madang:token", "mine");
  const answer = await page.client.signUp({ handle: "otter", password: "correct horse" });
  expect(answer).toMatchObject({ ok: false, error: { code: "name_taken" } });
  expect([...page.environment.local.kept]).toEqual([["madang:token", "mine"]]);
});

test("a code is claimed without a token, and this device then has the other's visitor", async () => {
  const page = openPage(welcome("v9", "theirs"));
  page.environment.local.set("madang:token", "mine");
  await page.client.claim("K7QM-34XA-K7QM-34XA");
  expect(page.asked).toEqual([{ action: "claim", input: { code: "K7QM-34XA-K7QM-34XA" }, token: undefined }]);
  expect([...page.environment.local.kept.values()]).toContain("theirs");
  expect([...page.environment.local.kept.values()]).not.toContain("mine");
});

/** Begins to forget: the connection is open and the command sent. */
async function leaving(...answers: object[]) {
  const page = openPage(...answers);
  page.environment.local.set("madang:token", "mine");
  const outcome = page.client.forget();
  await settle();
  await page.environment.socket.hear("connect");
  return { ...page, outcome };
}

test("[ID-5] after forgetting the browser keeps nothing of the visitor, and is a new one", async () => {
  const { environment, client, outcome } = await leaving(status("v2"));
  expect(environment.socket.handshake.token).toBe("mine");
  environment.session.set("madang:draft:lobby", "a secret");
  await environment.socket.last("visitor:forget").answer({ ok: true });
  await environment.socket.hear("session:started", { visitor: { id: "v2" }, token: "fresh" });
  expect(await outcome).toEqual({ ok: true });
  expect([...environment.session.kept.keys()]).toEqual(["madang:visit"]);
  expect([...environment.local.kept.values()]).not.toContain("mine");
  await environment.pass(50);
  expect(client.getState()).toMatchObject({ lastChange: "forgotten", who: { visitor: "v2" } });
  expect(environment.openSockets).toHaveLength(0);
});

test("[ID-5] after a lost answer the page asks again, and a token refused by then means success", async () => {
  const { environment, client, outcome } = await leaving(status("v2"));
  await environment.socket.hear("disconnect");
  await environment.pass(1_000);
  expect(environment.sockets).toHaveLength(2);
  await environment.socket.hear("connect_error", { data: refusal("invalid_token", false).error });
  await environment.socket.hear("session:started", { visitor: { id: "v2" }, token: "fresh" });
  expect(await outcome).toEqual({ ok: true });
  expect(client.getState().lastChange).toBe("forgotten");
});

test("[ID-5] the page does not say that a visitor was forgotten whose tokens had been ended before", async () => {
  const page = openPage(status("v2"));
  page.environment.local.set("madang:token", "ended");
  const outcome = page.client.forget();
  await settle();
  await page.environment.socket.hear("connect_error", { data: refusal("invalid_token", false).error });
  page.environment.local.set("madang:token", "fresh");
  expect(await outcome).toMatchObject({ ok: false, error: { code: "invalid_token" } });
  expect(page.client.getState().lastChange).toBeUndefined();
});

test("[ID-5] while the store is away the browser drops nothing, and the visitor may ask again", async () => {
  const { environment, client, outcome } = await leaving();
  await environment.socket.last("visitor:forget").answer(refusal("unavailable", true));
  expect(await outcome).toMatchObject({ ok: false, error: { code: "unavailable" } });
  expect([...environment.local.kept]).toEqual([["madang:token", "mine"]]);
  expect(client.getState().lastChange).toBeUndefined();
});

test("[H-6] the mark of a log-in is sent at the next one, even after logging out, and is dropped with the visitor", async () => {
  const page = openPage(
    { ...welcome("v1", "one"), handle: "otter", lasting: true, device: "mark" },
    status("v1", { handle: "otter" }),
    welcome("v2", "two"),
    status("v2"),
    welcome("v1", "three"),
    status("v1"),
    welcome("v3", "four"),
    status("v3"),
  );
  page.environment.local.set("madang:token", "mine");
  await page.client.logIn({ handle: "otter", password: "correct horse" });
  await page.client.logOut();
  await page.client.logIn({ handle: "otter", password: "correct horse" });
  const logIns = page.asked.filter(({ action }) => action === "log-in");
  expect(logIns.map(({ input, token }) => [input, token])).toEqual([
    [{ handle: "otter", password: "correct horse" }, "mine"],
    [{ handle: "otter", password: "correct horse", device: "mark" }, "two"],
  ]);
  await page.client.deleteAccount("correct horse");
  expect(page.asked.find(({ action }) => action === "delete")?.input).toEqual({ password: "correct horse" });
  expect([...page.environment.local.kept.values()]).not.toContain("mark");
});

test("[H-6] a changed password keeps the visit, with the new token", async () => {
  const page = openPage(welcome("v1", "renewed"), status("v1", { handle: "otter" }));
  page.environment.local.set("madang:token", "mine");
  await page.client.changePassword({
    password: "correct horse",
    newPassword: "battery staple",
    endOthers: true,
  });
  expect(page.environment.local.get("madang:token")).toBe("renewed");
  expect(page.client.getState()).toMatchObject({ lastChange: "passwordChanged", who: { handle: "otter" } });
});
