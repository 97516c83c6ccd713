import { createSecretKey } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { readConfig } from "../../server/config";
import { expect, test } from "../support/fixtures";
import { connectVisitor, type WireVisitor } from "../support/wire-visitor";

const sentFields = {
  by: { id: "admin", name: "Admin" },
  name: "Admin",
  kind: "leave",
  at: 1,
  seq: 99_999,
  id: "admin",
};

test("[fault 6] [ID-2] no visitor can speak as another: the server sets author, time, number and kind", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const [witness, forger] = await Promise.all([connect({ url: replica.url }), connect({ url: replica.url })]);
  await witness.join("lobby");
  const { self } = await forger.join("lobby");
  const before = Date.now();
  const ack = await forger.askRaw("message:send", {
    ...sentFields,
    room: "lobby",
    clientMessageId: "forged-message",
    text: "I am the owner",
    author: "Admin",
    visitor: { id: witness.id },
  });
  expect(ack.ok).toBe(true);
  const entry = await witness.entry("lobby", ({ kind }) => kind === "message");
  expect(Object.keys(entry).sort()).toEqual(["at", "by", "clientMessageId", "kind", "seq", "text"]);
  expect(entry).toMatchObject({ kind: "message", by: self, text: "I am the owner" });
  expect(entry.at).toBeGreaterThanOrEqual(before - 1_000);
  expect(entry.seq).toBeLessThan(10);
});

test("[fault 6] no client can forge a notice: only the server sends events", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const [witness, forger] = await Promise.all([connect({ url: replica.url }), connect({ url: replica.url })]);
  await witness.join("lobby");
  await forger.join("lobby");
  await witness.entry("lobby", (entry) => entry.kind === "join" && entry.by.id === forger.id);
  const entries = [{ seq: 3, at: Date.now(), kind: "leave", by: { id: witness.id, name: "you" } }];
  for (const name of ["feed:appended", "feed:gap", "status:changed", "replica:draining", "session:started"])
    forger.socket.emit(name, { room: "lobby", epoch: "x", entries, degraded: true, afterMs: 0 });
  const seen = witness.events.length;
  await forger.say("lobby", "after all that");
  await witness.entry("lobby", (entry) => entry.kind === "message");
  expect(witness.events.slice(seen).map(({ name }) => name)).toEqual(["feed:appended"]);
  expect(witness.log("lobby").entries.map(({ kind }) => kind)).toEqual(["join", "join", "message"]);
});

test("[fault 6] [W-5] a handshake's claims about its visitor are ignored", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const claim = { protocol: 1, visitor: { id: "admin" }, id: "admin", name: "Admin", owner: true };
  const visitor = await connect({ url: replica.url, auth: claim });
  expect(visitor.id).not.toBe("admin");
  expect((await visitor.join("lobby")).self.name).not.toBe("Admin");
});

test("[fault 7] [ID-3] twenty visitors on two replicas get twenty different names, each in the visitor's language", async ({
  startReplicas,
  connect,
}) => {
  const scripts = {
    en: /^[\p{Script=Latin}\p{N} '-]+$/u,
    ko: /^[\p{Script=Hangul}\p{N} ]+$/u,
    ja: /^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー・\p{N} ]+$/u,
  };
  const replicas = await startReplicas(2);
  const locales = ["en", "ko", "ja", "ko", "ja"] as const;
  const seats = replicas.flatMap(({ url }) => [...locales, ...locales].map((locale) => ({ url, locale })));
  const named = await Promise.all(
    seats.map(async ({ url, locale }) => {
      const visitor = await connect({ url, locale });
      return { locale, name: (await visitor.join("lobby")).self.name };
    }),
  );
  for (const { locale, name } of named) expect(name).toMatch(scripts[locale]);
  expect(new Set(named.map(({ name }) => name)).size).toBe(20);
});

test("[ID-1] [ID-3] a token brings the same visitor back under the same name, on another replica", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = await startReplicas(2);
  if (one === undefined || other === undefined) throw new Error("two were started");
  const before = await connect({ url: one.url });
  const { self } = await before.join("lobby");
  before.close();
  const after = await connect({ url: other.url, token: before.token });
  expect(after.id).toBe(before.id);
  expect((await after.join("lobby")).self).toEqual(self);
});

test("[W-4] a token that is forged, foreign, expired or made for another use is refused, and other visitors are not affected", async ({
  startReplica,
  connect,
  shared,
}) => {
  const replica = await startReplica();
  const witness: WireVisitor = await connect({ url: replica.url });
  const { token } = witness;
  const keyOf = (secret: string | undefined) => {
    const read = readConfig({ NODE_ENV: "test", SESSION_SECRET: secret });
    if (!read.ok || read.config.sessionKeys[0] === undefined) throw new Error("no key");
    return createSecretKey(read.config.sessionKeys[0]);
  };
  const claims = decodeJwt(token);
  const sign = (changes: JWTPayload, secret = shared.SESSION_SECRET, kind = decodeProtectedHeader(token)) =>
    new SignJWT({ ...claims, ...changes })
      .setProtectedHeader(kind as JWTHeaderParameters)
      .sign(keyOf(secret));
  const [head, body, seal] = token.split(".") as [string, string, string];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

  // The control: an unchanged token made in the same way is accepted.
  expect((await connect({ url: replica.url, token: await sign({}) })).id).toBe(witness.id);

  const wrong: Record<string, string> = {
    "another visitor under this seal": `${head}.${encode({ ...claims, sub: "admin" })}.${seal}`,
    "a seal changed": `${head}.${body}.${seal.startsWith("A") ? "B" : "A"}${seal.slice(1)}`,
    "a foreign key": await sign({}, "the secret of another site, of fair length"),
    expired: await sign({ exp: Math.floor(Date.now() / 1000) - 60 }),
    "for another use": await sign({ aud: "madang:transfer" }),
    "no expiry": await sign({ exp: undefined } as unknown as JWTPayload),
    "no visitor": await sign({ sub: undefined } as unknown as JWTPayload),
    "alg none": `${encode({ alg: "none" })}.${body}.`,
    "alg none with the seal": `${encode({ alg: "none" })}.${body}.${seal}`,
    "no token at all": "hello",
    dots: "..",
    "a very long one": "x".repeat(4_000),
  };
  for (const [what, forged] of Object.entries(wrong)) {
    const refusal = await connectVisitor({ url: replica.url, token: forged }).then(
      () => "it was taken",
      (error: unknown) => error,
    );
    expect(refusal, what).toMatchObject({ data: { code: "invalid_token", retryable: false } });
  }
  expect((await witness.join("lobby")).memberCount).toBe(1);
  expect(replica.isRunning()).toBe(true);
});
