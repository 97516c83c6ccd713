import pino from "pino";
import { AccountStore } from "../../server/accounts/account-store";
import { Accounts } from "../../server/accounts/accounts";
import { Identity } from "../../server/accounts/identity";
import { Passwords } from "../../server/accounts/passwords";
import { QuotaStore } from "../../server/accounts/quota-store";
import { Quotas } from "../../server/accounts/quotas";
import { Sessions } from "../../server/accounts/sessions";
import type { Network } from "../../server/lib/network";
import { MemoryRecords } from "../../server/records/memory/records";
import { HandClock } from "../contract/hand-clock";
import { expect, test } from "../support/plain-test";

const credentials = { handle: "otter", password: "correct horse battery staple" };
const network = "192.0.2.7" as Network;

function makeWorld() {
  const clock = new HandClock();
  const records = new MemoryRecords(clock);
  const store = new AccountStore(records, { endKeptMs: 31 * 86_400_000 });
  const quotaStore = new QuotaStore(records);
  const identity = new Identity([new Uint8Array(32)]);
  const sessions = new Sessions({ identity, accounts: store, clock, logger: pino({ level: "silent" }) });
  const quotas = new Quotas(quotaStore, new Uint8Array(32));
  const accounts = new Accounts({ sessions, identity, store, quotas, passwords: new Passwords(), clock });
  return { accounts, sessions, store, quotaStore, identity, clock };
}

const refusedAs = (code: string) => expect.objectContaining({ code });

test("[ID-1] [H-4] a forgotten visitor has no account, code or token, and its handle is free", async () => {
  const { accounts, sessions } = makeWorld();
  const visitor = await sessions.create();
  const visit = { network, token: visitor.token };
  await accounts.signUp(visit, credentials);
  const { code } = await accounts.transfers.makeCode(visit);
  await accounts.forget(visitor);
  await expect(accounts.logIn(visit, credentials)).rejects.toEqual(refusedAs("forbidden"));
  await expect(accounts.transfers.claim(visit, code)).rejects.toEqual(refusedAs("expired"));
  await expect(accounts.status(visit)).rejects.toEqual(refusedAs("invalid_token"));
  await expect(accounts.forget(visitor)).rejects.toEqual(refusedAs("invalid_token"));
  const other = await sessions.create();
  await accounts.signUp({ network, token: other.token }, credentials);
});

test("[ID-1] a visitor without an account can be forgotten, too", async () => {
  const { accounts, sessions } = makeWorld();
  const visitor = await sessions.create();
  await accounts.forget(visitor);
  await expect(sessions.open(visitor.token)).rejects.toEqual(refusedAs("invalid_token"));
});

test("[ID-1] [H-4] a log-in under way while its visitor logs out everywhere gives no valid token", async () => {
  const { accounts, sessions } = makeWorld();
  const visitor = await sessions.create();
  const visit = { network, token: visitor.token };
  await accounts.signUp(visit, credentials);
  const loggingIn = accounts.logIn({ network, token: undefined }, credentials);
  await accounts.logOut(visit);
  const { token } = await loggingIn;
  await expect(sessions.open(token)).rejects.toEqual(refusedAs("invalid_token"));
});

test("[H-4] signing up keeps the visitor, and logging in returns it on any device", async () => {
  const { accounts, sessions } = makeWorld();
  const [visitor, guest] = [await sessions.create(), await sessions.create()];
  const signedUp = await accounts.signUp({ network, token: visitor.token }, credentials);
  const loggedIn = await accounts.logIn({ network, token: guest.token }, credentials);
  for (const { visitor: who, token } of [signedUp, loggedIn]) {
    expect(who.id).toBe(visitor.visitor);
    expect(await sessions.open(token)).toMatchObject({ visitor: visitor.visitor });
  }
});

test("[H-5] each network has limits of its own; without limits none is refused", async () => {
  const { accounts, quotaStore } = makeWorld();
  const claim = (from: string) =>
    accounts.transfers.claim({ network: from as Network, token: undefined }, "wrong");
  for (let index = 0; index < 20; index += 1)
    await expect(claim(network)).rejects.toEqual(refusedAs("expired"));
  await expect(claim(network)).rejects.toEqual(refusedAs("rate_limited"));
  await expect(claim("2001:db8:1:2")).rejects.toEqual(refusedAs("expired"));
  const unbounded = new Quotas(quotaStore, undefined);
  for (let index = 0; index < 50; index += 1) await unbounded.spend("claim", { network });
});

const otherPassword = "another phrase of four words";
const needed = expect.objectContaining({ code: "forbidden", message: "The password is needed for this." });
const wrong = expect.objectContaining({ code: "forbidden", message: "The password is wrong." });

async function signedUp() {
  const world = makeWorld();
  const { token } = await world.sessions.create();
  const welcome = await world.accounts.signUp({ network, token }, credentials);
  return { ...world, welcome, visit: { network, token: welcome.token }, first: { network, token } };
}

test("[H-6] ten minutes after a log-in an irreversible action needs the password; a visitor without an account never needs one", async () => {
  const { accounts, sessions, clock, visit, first } = await signedUp();
  await accounts.transfers.makeCode(visit);
  await accounts.transfers.makeCode(first);
  clock.skip(10 * 60_000 + 1_000);
  const session = await sessions.read(visit.token);
  await expect(accounts.transfers.makeCode(visit)).rejects.toEqual(needed);
  await expect(accounts.delete(visit)).rejects.toEqual(needed);
  await expect(accounts.proofs.check(session, { network })).rejects.toEqual(needed);
  await expect(accounts.transfers.makeCode(visit, "a wrong password")).rejects.toEqual(wrong);
  await expect(accounts.delete(visit, "a wrong password")).rejects.toEqual(wrong);
  await accounts.transfers.makeCode(visit, credentials.password);
  await accounts.proofs.check(session, { network, password: credentials.password });
  const guest = await sessions.create();
  clock.skip(86_400_000);
  await accounts.transfers.makeCode({ network, token: guest.token });
  await accounts.proofs.check(guest, { network });
  await accounts.delete(visit, credentials.password);
});

test("[H-6] a device that was added by a code must give the password", async () => {
  const { accounts, sessions, visit } = await signedUp();
  const { code } = await accounts.transfers.makeCode(visit);
  const { token } = await accounts.transfers.claim({ network, token: undefined }, code);
  await expect(accounts.transfers.makeCode({ network, token })).rejects.toEqual(needed);
  await expect(accounts.proofs.check(await sessions.read(token), { network })).rejects.toEqual(needed);
});

test("[H-6] the password for an irreversible action can be tried a limited number of times", async () => {
  const { accounts, visit } = await signedUp();
  for (let index = 0; index < 10; index += 1)
    await expect(accounts.delete(visit, "a wrong password")).rejects.toEqual(wrong);
  await expect(accounts.delete(visit, credentials.password)).rejects.toEqual(refusedAs("rate_limited"));
});

test("[H-6] after a change the new password logs in, the old one does not, and the account's other tokens end unless the visitor keeps them", async () => {
  const { accounts, sessions, visit } = await signedUp();
  const phone = await accounts.logIn({ network, token: undefined }, credentials);
  const change = { password: credentials.password, newPassword: otherPassword };
  await expect(accounts.changePassword(visit, { ...change, password: otherPassword })).rejects.toEqual(wrong);
  await expect(accounts.changePassword(visit, { ...change, newPassword: "Password123" })).rejects.toEqual(
    refusedAs("bad_request"),
  );
  const changed = await accounts.changePassword(visit, change);
  await expect(accounts.logIn({ network, token: undefined }, credentials)).rejects.toEqual(
    refusedAs("forbidden"),
  );
  for (const token of [visit.token, phone.token])
    await expect(sessions.open(token)).rejects.toEqual(refusedAs("invalid_token"));
  const here = { network, token: changed.token };
  expect(changed.visitor).toEqual(phone.visitor);
  expect((await accounts.devices.list(here)).devices).toMatchObject([{ isThis: true }]);
  const desk = await accounts.logIn(
    { network, token: undefined },
    { ...credentials, password: otherPassword },
  );
  await accounts.changePassword(here, {
    password: otherPassword,
    newPassword: credentials.password,
    endOthers: false,
  });
  for (const token of [changed.token, desk.token]) await sessions.open(token);
});

test("[H-6] devices are listed, the last one first; ending one ends its tokens and no others", async () => {
  const { accounts, sessions, clock, visit } = await signedUp();
  clock.skip(1_000);
  const phone = await accounts.logIn(
    { network, token: undefined, deviceName: "Chrome, Android" },
    credentials,
  );
  const { devices } = await accounts.devices.list(visit);
  expect(devices).toMatchObject([{ name: "Chrome, Android", isThis: false }, { isThis: true }]);
  const heard: object[] = [];
  sessions.ends.onEnd((end) => heard.push(end));
  const ended = { device: devices[0]?.id ?? "" };
  await accounts.devices.end(visit, ended);
  expect(heard).toMatchObject([{ visitor: phone.visitor.id, ...ended }]);
  await expect(sessions.open(phone.token)).rejects.toEqual(refusedAs("invalid_token"));
  await expect(accounts.devices.list({ network, token: phone.token })).rejects.toEqual(
    refusedAs("invalid_token"),
  );
  expect(sessions.ends.isEnded(await sessions.read(phone.token))).toBe(true);
  expect(await sessions.open(visit.token)).toMatchObject({ isConfirmed: true });
  await expect(accounts.devices.end(visit, ended)).rejects.toEqual(refusedAs("forbidden"));
  clock.skip(11 * 60_000);
  await expect(accounts.devices.end(visit, ended)).rejects.toEqual(needed);
});

test("[H-6] a log-in ends the device's earlier token; a failed log-in does not", async () => {
  const { accounts, sessions } = await signedUp();
  const guest = await sessions.create();
  const visit = { network, token: guest.token };
  await expect(accounts.logIn(visit, { ...credentials, password: "wrong" })).rejects.toEqual(
    refusedAs("forbidden"),
  );
  await sessions.open(guest.token);
  await accounts.logIn(visit, credentials);
  await expect(sessions.open(guest.token)).rejects.toEqual(refusedAs("invalid_token"));
});

test("[H-6] a browser that logged in before passes the limit that strangers used up; another browser's mark does not", async () => {
  const { accounts, sessions, welcome } = await signedUp();
  const from = (address: string) => ({ network: address as Network, token: undefined });
  for (let index = 0; index < 10; index += 1)
    await expect(
      accounts.logIn(from(`198.51.100.${index}`), { ...credentials, password: "wrong" }),
    ).rejects.toEqual(refusedAs("forbidden"));
  const home = from("203.0.113.1");
  await expect(accounts.logIn(home, credentials)).rejects.toEqual(refusedAs("rate_limited"));
  const stranger = await sessions.create();
  const others = await accounts.signUp(
    { network, token: stranger.token },
    { handle: "heron", password: otherPassword },
  );
  for (const device of [others.device, others.token, welcome.token, "forged", ""])
    await expect(accounts.logIn(home, { ...credentials, device })).rejects.toEqual(refusedAs("rate_limited"));
  const { device } = welcome;
  expect((await accounts.logIn(home, { ...credentials, device })).visitor).toEqual(welcome.visitor);
  for (let index = 0; index < 9; index += 1)
    await expect(accounts.logIn(home, { ...credentials, password: "wrong", device })).rejects.toEqual(
      refusedAs("forbidden"),
    );
  await expect(accounts.logIn(home, { ...credentials, device })).rejects.toEqual(refusedAs("rate_limited"));
  await expect(sessions.open(device), "a mark is not a token").rejects.toEqual(refusedAs("invalid_token"));
});

test("[ID-1] on an account's device tokens follow one another for 180 days, and no longer; elsewhere without end", async () => {
  const { sessions, identity, welcome } = await signedUp();
  const dayMs = 86_400_000;
  const session = await sessions.read(welcome.token);
  const begun = (daysAgo: number) =>
    sessions.sign({ ...session, accountSince: Date.now() - daysAgo * dayMs });
  expect(await identity.verify(welcome.token)).toMatchObject({ accountSince: expect.any(Number) });
  const late = await begun(179);
  const { token } = await sessions.open(late.token);
  const { exp = 0 } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
    exp?: number;
  };
  expect(exp * 1_000 - Date.now(), "a renewed token ends with them").toBeLessThan(1.01 * dayMs);
  await expect(sessions.open((await begun(181)).token)).rejects.toEqual(refusedAs("invalid_token"));
  const guest = await sessions.create();
  expect(await sessions.read((await sessions.open(guest.token)).token)).not.toHaveProperty("accountSince");
});

test("[ID-1] [H-6] a token from before there were devices counts as one, recorded at its next handshake", async () => {
  const { accounts, sessions, identity, visit } = await signedUp();
  const { visitor, generation } = await sessions.read(visit.token);
  const old = await identity.sign({ visitor, generation });
  expect(await identity.verify(old)).toEqual({ visitor, generation, isLasting: true });
  const { token } = await sessions.open(old, "Safari, iPhone");
  const renewed = await sessions.read(token);
  expect(renewed).toMatchObject({ visitor, device: expect.any(String), accountSince: expect.any(Number) });
  const { devices } = await accounts.devices.list(visit);
  expect(devices.find(({ id }) => id === renewed.device)).toMatchObject({
    name: "Safari, iPhone",
    isThis: false,
  });
});
