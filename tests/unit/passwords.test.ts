import { parseOptions } from "@node-rs/argon2";
import { Passwords } from "../../server/accounts/passwords";
import { expect, test } from "../support/plain-test";

const password = "correct horse battery staple";

test("[H-4] a password is hashed with argon2id at OWASP's cost, each time with a new salt of 16 bytes", async () => {
  const passwords = new Passwords();
  const [one, other] = await Promise.all([passwords.hash(password), passwords.hash(password)]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(parseOptions(one)).toMatchObject({ saltLen: 16, outputLen: 32 });
  expect(one).not.toBe(other);
  for (const hashed of [one, other]) {
    expect(hashed).not.toContain(password);
    expect(await passwords.matches(hashed, password)).toBe(true);
    expect(await passwords.matches(hashed, `${password}.`)).toBe(false);
  }
});

test("[H-4] an empty filter matches nothing", async () => {
  const passwords = new Passwords();
  for (const guess of ["", password]) expect(await passwords.matches(undefined, guess)).toBe(false);
});

test("[H-4] hashing leaves the event loop free", async () => {
  const passwords = new Passwords();
  /** How many turns the event loop makes while one password is hashed. */
  async function turnsOfOne(): Promise<number> {
    let turns = 0;
    let isDone = false;
    const hashed = passwords.hash(password).then(() => {
      isDone = true;
    });
    for (; !isDone; turns += 1) await new Promise(setImmediate);
    await hashed;
    return turns;
  }
  // A busy machine may leave this thread no time. Hashing on this thread would allow one or two turns each time.
  let most = 0;
  for (let tries = 0; tries < 100 && most <= 20; tries += 1) most = Math.max(most, await turnsOfOne());
  expect(most).toBeGreaterThan(20);
});

test("[H-4] passwords beyond the queue's bound are refused at once, and waiting ones are answered", async () => {
  const passwords = new Passwords();
  const attempts = Array.from({ length: 100 }, () =>
    passwords
      .matches(undefined, password)
      .then(String, (error: { code: string; retryAfterMs: number }) => error),
  );
  const outcomes = await Promise.all(attempts);
  expect(outcomes.filter((outcome) => outcome === "false")).toHaveLength(42);
  const refused = outcomes.filter((outcome) => outcome !== "false");
  for (const error of refused) expect(error).toMatchObject({ code: "unavailable", retryAfterMs: 1_000 });
  expect(await passwords.matches(undefined, password)).toBe(false);
});
