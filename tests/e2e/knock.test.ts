import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** The knock's waveform: the page renders every sample of the sound instead of playing it. */

const rate = 48_000;

test("a knock is two soft taps, loud enough to be heard, far from clipping, and without clicks at their beginning and end", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  await page.addInitScript((sampleRate) => {
    class Rendered extends OfflineAudioContext {
      constructor() {
        super({ length: sampleRate, sampleRate });
        Object.assign(window, { rendered: this });
      }
      // An offline context stands still until it renders.
      override resume = async () => undefined;
      override suspend = async () => undefined;
    }
    Object.assign(window, { AudioContext: Rendered });
  }, rate);
  await page.goto(`${replica.url}/chat`);
  await new ChatPage(page).name();
  await page.getByRole("button", { name: "Sound and notifications" }).click();
  const turned = page.getByRole("switch", { name: "A soft knock" });
  await turned.click();
  await expect(turned).toBeChecked();
  const samples = await page.evaluate(async () => {
    const { rendered } = window as unknown as { rendered: OfflineAudioContext };
    return [...(await rendered.startRendering()).getChannelData(0)];
  });

  const sampleAt = (ms: number): number => (ms * rate) / 1_000;
  const loudnessIn = (fromMs: number, toMs: number): number =>
    Math.max(...samples.slice(sampleAt(fromMs), sampleAt(toMs)).map(Math.abs));
  const decibels = (loudness: number): number => 20 * Math.log10(loudness);

  const first = decibels(loudnessIn(0, 120));
  expect(first, "in decibels below full scale").toBeGreaterThan(-18);
  expect(first).toBeLessThan(-9);
  const second = decibels(loudnessIn(130, 250));
  expect(second, "the second is softer").toBeLessThan(first - 2);
  expect(second).toBeGreaterThan(first - 8);
  expect(loudnessIn(127, 130), "silence between the two").toBe(0);
  expect(loudnessIn(270, 1_000), "silence after them").toBe(0);

  const steps = samples.map((sample, index) => Math.abs(sample - (samples[index - 1] ?? 0)));
  expect(samples[0], "from silence").toBe(0);
  expect(Math.max(...steps), "no step is faster than its own tones").toBeLessThan(0.03);
  for (const [fromMs, toMs] of [
    [34, 130],
    [164, 300],
  ] as const) {
    const end = samples.slice(sampleAt(fromMs), sampleAt(toMs)).findLastIndex((sample) => sample !== 0);
    const last = samples[sampleAt(fromMs) + end] ?? 0;
    expect(decibels(Math.abs(last)), "into silence").toBeLessThan(-75);
  }
});
