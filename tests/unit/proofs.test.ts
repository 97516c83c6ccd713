import { readFile } from "node:fs/promises";
import { runInNewContext } from "node:vm";
import pino from "pino";
import type { Challenge, Proof } from "../../protocol/events";
import { prove } from "../../scripts/talk/prove";
import { parseHandshake } from "../../server/gateway/handshake";
import { systemClock } from "../../server/lib/clock";
import { MemorySharedRates } from "../../server/limits/memory/shared-rates";
import { Proofs } from "../../server/limits/proofs";
import { HandClock } from "../contract/hand-clock";
import { openTrial } from "../support/network-trial";
import { home } from "../support/no-budget";
import { expect, test } from "../support/plain-test";

const open = (secret = "secret", clock = new HandClock()) =>
  new Proofs(
    { rates: new MemorySharedRates(systemClock), clock, logger: pino({ level: "silent" }) },
    Buffer.from(secret),
  );

test("[W-4a] a solved challenge is accepted once; the parsed handshake carries it unchanged", async () => {
  const proofs = open();
  const proof = await prove(await proofs.challenge());
  const parsed = parseHandshake({ protocol: 1, proof: JSON.parse(JSON.stringify(proof)) });
  expect(parsed.proof).toEqual(proof);
  expect(await proofs.accepts(parsed.proof as Proof)).toBe(true);
  expect(await proofs.accepts(proof), "a second time").toBe(false);
});

test("[W-4a] an unsolved, altered, foreign or late solution is refused", async () => {
  const clock = new HandClock();
  const proofs = open("secret", clock);
  const proof = await prove(await proofs.challenge());
  const { challenge, solution } = proof;
  const altered = (parameters: Partial<Challenge["parameters"]>): Proof => ({
    challenge: { ...challenge, parameters: { ...challenge.parameters, ...parameters } },
    solution,
  });
  const unsolved = {
    challenge,
    solution: { ...solution, derivedKey: challenge.parameters.keyPrefix.padEnd(64, "0") },
  };
  for (const [what, bad] of Object.entries({
    unsolved,
    easier: altered({ cost: 1 }),
    later: altered({ expiresAt: (challenge.parameters.expiresAt ?? 0) + 1_000 }),
    "any prefix": altered({ keyPrefix: "00" }),
    "another's": await prove(await open("another secret").challenge()),
  }))
    expect(await proofs.accepts(bad), what).toBe(false);
  expect(await proofs.accepts(proof), "the true solution is still valid").toBe(true);
  const late = await prove(await proofs.challenge());
  clock.skip(121_000);
  expect(await proofs.accepts(late)).toBe(false);
});

test("[W-4a] the page's worker solves it as other clients do", async () => {
  const proofs = open();
  const challenge = await proofs.challenge();
  const solution = await new Promise<Proof["solution"]>((resolve) => {
    const heard: ((event: { data: unknown }) => void)[] = [];
    const self = {
      addEventListener: (_: string, listener: (event: { data: unknown }) => void) => heard.push(listener),
      postMessage: resolve,
    };
    readFile("public/proof-worker.js", "utf8").then((script) => {
      runInNewContext(script, { self, crypto: globalThis.crypto, Uint8Array, DataView });
      heard[0]?.({ data: challenge.parameters });
    });
  });
  expect(await proofs.accepts({ challenge, solution })).toBe(true);
});

test("[W-4a] new visitors beyond their network's rate are asked for proof of work, and let in with it", async () => {
  const { arrives, newVisitors, clock } = openTrial();
  let unasked = 0;
  while (await arrives()) unasked += 1;
  expect(unasked).toBe(135);
  const asked = await newVisitors.admit(home, undefined).catch((error) => error.toWire());
  expect(asked).toMatchObject({ code: "proof_required", retryable: true, retryAfterMs: 1_000 });
  const proof = await prove(asked.challenge);
  await newVisitors.admit(home, proof);
  await expect(newVisitors.admit(home, proof), "used").rejects.toMatchObject({ code: "proof_required" });
  clock.skip(1_000);
  expect(await arrives(), "a visitor that waits is let in without").toBe(true);
});

test("[W-4a] new visitors of many networks are asked, too, when there are more than the site expects", async () => {
  const { arrives, newVisitors } = openTrial();
  let unasked = 0;
  for (let index = 0; index < 1_000; index += 1)
    if (await arrives(`10.${index >> 8}.${index & 255}.1` as typeof home)) unasked += 1;
  expect(unasked).toBe(460);
  await expect(newVisitors.admit(home, undefined)).rejects.toMatchObject({ code: "proof_required" });
});

test("[W-4a] even with proofs only a limited number is let in", async () => {
  const { budget, tries } = openTrial();
  expect(await tries("visitors", 1_000)).toBe(150);
  await expect(budget.take(home, "visitors")).rejects.toMatchObject({
    code: "rate_limited",
    scope: "network",
  });
});
