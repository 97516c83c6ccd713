import { jwtVerify, SignJWT } from "jose";
import pino from "pino";
import { AccountStore } from "../../server/accounts/account-store";
import { Identity } from "../../server/accounts/identity";
import { Sessions } from "../../server/accounts/sessions";
import { MemoryRecords } from "../../server/records/memory/records";
import { HandClock } from "../contract/hand-clock";
import { expect, test } from "../support/plain-test";

const key = (text: string) => new TextEncoder().encode(text.padEnd(32, "."));
const invalid = expect.objectContaining({ code: "invalid_token" });

const token = (
  claims: { audience?: string; subject?: string; expires?: string; gen?: unknown },
  signedBy = key("a"),
) => {
  const jwt = new SignJWT({ gen: "gen" in claims ? claims.gen : 0 })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer("madang")
    .setIssuedAt();
  jwt.setAudience(claims.audience ?? "madang:session").setExpirationTime(claims.expires ?? "1h");
  if (claims.subject !== undefined) jwt.setSubject(claims.subject);
  return jwt.sign(signedBy);
};

test("[ID-1] the same visitor returns with its token", async () => {
  const identity = new Identity([key("a")]);
  const session = { visitor: identity.createVisitor().id, generation: 7 };
  expect(await identity.verify(await identity.sign(session))).toEqual({ ...session, isLasting: true });
});

test("tokens are JSON Web Tokens that other libraries can read", async () => {
  const visitor = "visitor-마당";
  const signed = await new Identity([key("a")]).sign({ visitor, generation: 7, device: "d" });
  const rules = { algorithms: ["HS256"], issuer: "madang", audience: "madang:session" };
  const { payload, protectedHeader } = await jwtVerify(signed, key("a"), rules);
  expect(protectedHeader).toEqual({ alg: "HS256" });
  expect(payload).toMatchObject({ sub: visitor, gen: 7, dev: "d" });
});

test("[ID-1] [fault 6] a token that was changed, cut, or signed in another way is refused", async () => {
  const identity = new Identity([key("a")]);
  const signed = await identity.sign({ visitor: "v", generation: 0 });
  const [head = "", body = "", signature = ""] = signed.split(".");
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  const bySecret = (header: Record<string, string | string[]>) =>
    new SignJWT(claims).setProtectedHeader({ alg: "HS256", ...header }).sign(key("a"));
  const forged = [
    "",
    "..",
    `${head}.${body}`,
    `${head}.${body}.`,
    `${signed}.`,
    ` ${signed}`,
    `${head}.${encoded({ ...claims, sub: "w" })}.${signature}`,
    `${encoded({ alg: "none" })}.${body}.`,
    `${encoded({ alg: "none" })}.${body}.${signature}`,
    `${head}.${body}.${signature.slice(0, -1)}`,
    await new SignJWT(claims).setProtectedHeader({ alg: "HS512" }).sign(key("a".repeat(64))),
  ];
  for (const token of forged) await expect(identity.verify(token), token).rejects.toEqual(invalid);
  expect(await identity.verify(await bySecret({ typ: "JWT" }))).toMatchObject({ visitor: "v" });
});

test("[ID-1] a fresh token is returned unchanged at the next handshake; one of an older key or past half its life is signed anew", async () => {
  const startedAt = Date.now();
  const clock = Object.assign(new HandClock(), { now: () => startedAt });
  const accounts = new AccountStore(new MemoryRecords(clock), { endKeptMs: 31 * 86_400_000 });
  const logger = pino({ level: "silent" });
  const openAs = (...keys: string[]) =>
    new Sessions({ identity: new Identity(keys.map(key)), accounts, clock, logger });
  const { token } = await openAs("a").open(undefined);
  expect((await openAs("a").open(token)).token).toBe(token);
  const { token: rotated } = await openAs("b", "a").open(token);
  expect(rotated).not.toBe(token);
  expect((await openAs("b").open(rotated)).token).toBe(rotated);
  const { now } = Date;
  try {
    Date.now = () => now() + 14.9 * 86_400_000;
    expect((await openAs("a").open(token)).token).toBe(token);
    Date.now = () => now() + 15.1 * 86_400_000;
    expect((await openAs("a").open(token)).token).not.toBe(token);
  } finally {
    Date.now = now;
  }
});

test("[ID-1] a token has the time at which its visitor first came, even after it is renewed or ended", async () => {
  const identity = new Identity([key("a")]);
  const session = { visitor: "visitor", generation: 0, since: 1_800_000_000_000 };
  expect(await identity.verify(await identity.sign(session))).toEqual({ ...session, isLasting: true });
  const clock = new HandClock();
  const accounts = new AccountStore(new MemoryRecords(clock), { endKeptMs: 31 * 86_400_000 });
  const sessions = new Sessions({ identity, accounts, clock, logger: pino({ level: "silent" }) });
  const first = await sessions.open(undefined);
  expect(Math.abs((first.since ?? 0) - clock.now())).toBeLessThan(10_000);
  clock.skip(3_600_000);
  const renewed = await sessions.open(first.token);
  expect(renewed.since).toBe(first.since);
  expect((await sessions.end(renewed)).since).toBe(first.since);
});

test("[ID-1] the token carries a generation, and nothing secret", async () => {
  const identity = new Identity([key("a")]);
  const [, claims = ""] = (await identity.sign({ visitor: "visitor", generation: 7 })).split(".");
  const { gen, sub, exp, iat, ...rest } = JSON.parse(Buffer.from(claims, "base64url").toString());
  expect({ gen, sub, days: (exp - iat) / 86_400 }).toEqual({ gen: 7, sub: "visitor", days: 30 });
  expect(rest).toEqual({ iss: "madang", aud: "madang:session" });
});

test("a listed older secret still verifies tokens, but no longer signs any", async () => {
  const session = { visitor: "visitor", generation: 0 };
  const old = await new Identity([key("old")]).sign(session);
  expect(await new Identity([key("new"), key("old")]).verify(old)).toEqual(session);
  const renewed = await new Identity([key("new"), key("old")]).sign(session);
  await expect(new Identity([key("old")]).verify(renewed)).rejects.toEqual(invalid);
});

test("[W-4] a token that is forged, expired, unsigned or made for another use is refused", async () => {
  const identity = new Identity([key("a")]);
  const good = await token({ subject: "v" });
  expect(await identity.verify(good)).toEqual({ visitor: "v", generation: 0 });
  const [head = "", , signature = ""] = good.split(".");
  const claims = Buffer.from('{"sub":"x"}').toString("base64url");
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`;
  const bad = [
    await token({ subject: "v" }, key("b")),
    await token({ subject: "v", expires: "-1s" }),
    await token({ subject: "v", audience: "madang:transfer" }),
    await token({}),
    await token({ subject: "v", gen: undefined }),
    await token({ subject: "v", gen: "0" }),
    await token({ subject: "v", gen: -1 }),
    await token({ subject: "v", gen: 0.5 }),
    `${head}.${claims}.${signature}`,
    none,
    "",
    "x",
  ];
  for (const one of bad) await expect(identity.verify(one), one).rejects.toEqual(invalid);
});

test("ids are public, random and fit a room's keys", () => {
  const identity = new Identity([key("a")]);
  const ids = Array.from({ length: 1_000 }, () => identity.createVisitor().id);
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.filter((id) => !/^[A-Za-z0-9_-]{16}$/.test(id))).toEqual([]);
});
