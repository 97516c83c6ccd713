import { expect, test } from "@playwright/test";
import pino from "pino";
import { Accounts } from "../../server/chat/accounts";
import { Identity } from "../../server/chat/identity";
import { Passwords } from "../../server/chat/passwords";
import { Quotas } from "../../server/chat/quotas";
import { Sessions } from "../../server/chat/sessions";
import { MemoryAccounts } from "../../server/directory/memory-accounts";
import type { Network } from "../../server/lib/network";
import { HandClock } from "../contract/hand-clock";

const credentials = { handle: "otter", password: "correct horse battery staple" };
const network = "192.0.2.7" as Network;

function makeWorld() {
  const clock = new HandClock();
  const store = new MemoryAccounts({ endKeptMs: 31 * 86_400_000 }, clock);
  const identity = new Identity([new Uint8Array(32)]);
  const sessions = new Sessions({ identity, accounts: store, clock, logger: pino({ level: "silent" }) });
  const quotas = new Quotas(store, new Uint8Array(32));
  const accounts = new Accounts({ sessions, store, quotas, passwords: new Passwords() });
  return { accounts, sessions, store };
}

const refusedAs = (code: string) => expect.objectContaining({ code });

test("[ID-1] [H-4] who is forgotten has no account, no code and no token any more, and its handle is free", async () => {
  const { accounts, sessions } = makeWorld();
  const visitor = await sessions.create();
  const visit = { network, token: visitor.token };
  await accounts.signUp(visit, credentials);
  const { code } = await accounts.transfer(visit);
  await accounts.forget(visitor);
  await expect(accounts.logIn(visit, credentials)).rejects.toEqual(refusedAs("forbidden"));
  await expect(accounts.claim(visit, code)).rejects.toEqual(refusedAs("expired"));
  await expect(accounts.status(visit)).rejects.toEqual(refusedAs("invalid_token"));
  await expect(accounts.forget(visitor)).rejects.toEqual(refusedAs("invalid_token"));
  const other = await sessions.create();
  await accounts.signUp({ network, token: other.token }, credentials);
});

test("[ID-1] who has no account can be forgotten too", async () => {
  const { accounts, sessions } = makeWorld();
  const visitor = await sessions.create();
  await accounts.forget(visitor);
  await expect(sessions.open(visitor.token)).rejects.toEqual(refusedAs("invalid_token"));
});

test("[ID-1] [H-4] a log-in that was under way while its visitor logged out everywhere is worth nothing", async () => {
  const { accounts, sessions } = makeWorld();
  const visitor = await sessions.create();
  const visit = { network, token: visitor.token };
  await accounts.signUp(visit, credentials);
  const loggingIn = accounts.logIn({ network, token: undefined }, credentials);
  await accounts.logOut(visit);
  const { token } = await loggingIn;
  await expect(sessions.open(token)).rejects.toEqual(refusedAs("invalid_token"));
});

test("[H-4] signing up and logging in keep the visitor, whoever asks", async () => {
  const { accounts, sessions } = makeWorld();
  const [visitor, guest] = [await sessions.create(), await sessions.create()];
  const signedUp = await accounts.signUp({ network, token: visitor.token }, credentials);
  const loggedIn = await accounts.logIn({ network, token: guest.token }, credentials);
  for (const { visitor: who, token } of [signedUp, loggedIn]) {
    expect(who.id).toBe(visitor.visitor);
    expect(await sessions.open(token)).toMatchObject({ visitor: visitor.visitor });
  }
});

test("[H-5] each network is bounded by itself, and nothing is when no limits are set", async () => {
  const { accounts, store } = makeWorld();
  const claim = (from: string) => accounts.claim({ network: from as Network, token: undefined }, "wrong");
  for (let index = 0; index < 20; index += 1)
    await expect(claim(network)).rejects.toEqual(refusedAs("expired"));
  await expect(claim(network)).rejects.toEqual(refusedAs("rate_limited"));
  await expect(claim("2001:db8:1:2")).rejects.toEqual(refusedAs("expired"));
  const unbounded = new Quotas(store, undefined);
  for (let index = 0; index < 50; index += 1) await unbounded.spend("claim", { network });
});
