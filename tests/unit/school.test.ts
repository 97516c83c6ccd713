import { openTrial } from "../support/network-trial";
import { expect, test } from "../support/plain-test";

/** The same random numbers in each run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const seconds = 300;
const pupils = 300;

test("[W-8] a school: 300 visitors of one address come within five minutes and talk, and none is refused", async () => {
  const random = seededRandom(12);
  const { arrives, clock, newVisitor, newcomers, says, state, tries } = openTrial();
  const here: { id: string; since: number; saidAt: number }[] = [];
  const refused: Record<string, number> = {};
  const count = async (what: string, attempt: Promise<boolean | number>, of = 1) => {
    const taken = Number(await attempt);
    refused[what] = (refused[what] ?? 0) + of - taken;
  };
  const arrivals = Array.from({ length: pupils }, () => Math.floor(random() * seconds));
  for (let second = 0; second < seconds; second += 1) {
    for (const _ of arrivals.filter((at) => at === second)) {
      await count("handshakes", tries("handshakes", 1));
      await count("proofs asked", arrives());
      await count("joins", tries("joins", 1));
      here.push({ ...newVisitor(), saidAt: Number.NEGATIVE_INFINITY });
      if (random() < 0.6) await count("names", tries("names", 1));
      // More tabs of a visitor that already has a token.
      await count("handshakes", tries("handshakes", 2), 2);
    }
    // Three messages a second together, from visitors that have not just spoken; all in one room, half of them replies.
    const silent = here.filter(({ saidAt }) => second - saidAt > 6);
    for (let index = 0; index < 3 && silent.length > 0; index += 1) {
      const [speaker] = silent.splice(Math.floor(random() * silent.length), 1);
      if (speaker === undefined) break;
      speaker.saidAt = second;
      await count("messages", says(speaker, "x".repeat(20 + Math.floor(random() * 200))));
    }
    const old = here.filter(({ since }) => clock.now() - since > 60_000);
    const maker = old[Math.floor(random() * old.length)];
    if (maker !== undefined && second % 15 === 0) {
      await newcomers.assertMayBegin(maker);
      await count("rooms", tries("rooms", 1));
    }
    if (maker !== undefined && second % 5 === 0) await count("conversations", tries("conversations", 1));
    if (second % 20 === 0) await count("blocks", tries("blocks", 1));
    if (second % 2 === 0) await count("refused commands", tries("refusals", 1));
    clock.skip(1_000);
  }
  await count("joins after a restart", tries("joins", 900), 900);
  await count("handshakes after a restart", tries("handshakes", 900), 900);
  let answered = 0;
  for (const pupil of here.slice(0, 140)) if (await says(pupil)) answered += 1;
  await count("messages, when half of them answer at once", Promise.resolve(answered), 140);
  await count("forgets, at the end of the lesson", tries("forgets", 50), 50);
  console.log(`The school was refused ${JSON.stringify(refused)} and the store asked ${state.asked} times.`);
  expect(Object.entries(refused).filter(([, times]) => times > 0)).toEqual([]);
  expect(here).toHaveLength(pupils);
});
