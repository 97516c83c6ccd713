import { chromium, type Page } from "@playwright/test";
import { chromiumLaunch } from "../tests/support/chromium";
import type { Replica } from "../tests/support/replica";
import { until } from "../tests/support/until";
import { type Load, warmUpSeconds } from "./pace";

/** Both pages run on this machine, so they share its clock. A string, because `tsx` would rewrite a function. */
const now = "(performance.timeOrigin + performance.now())";

/** Records when each numbered message first appears in the page's own feed. */
const observe = `
  window.seen = new Map();
  new MutationObserver((records) => {
    const at = ${now};
    for (const { addedNodes } of records)
      for (const node of addedNodes)
        for (const [, number, sentAt] of (node.textContent ?? "").matchAll(/#(-?\\d+) at (\\d+\\.\\d+)/g))
          if (!window.seen.has(Number(number))) window.seen.set(Number(number), at - Number(sentAt));
  }).observe(document.querySelector('[role="log"]'), { childList: true, subtree: true, characterData: true });
`;

/**
 * Types and sends through the page's own composer, at a steady pace; reads the clock before it presses the send button.
 */
const speak = ({ seconds, rate }: Load) => `
  new Promise((resolve) => {
    const box = document.querySelector("form textarea");
    const send = box.form.querySelector('[type="submit"]');
    const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
    const first = -${Math.round(warmUpSeconds * rate)};
    const startedAt = performance.now();
    let number = first;
    const say = () => {
      while (number < ${seconds * rate} && performance.now() >= startedAt + ((number - first) * 1000) / ${rate}) {
        setValue.call(box, "#" + number + " at " + ${now}.toFixed(3));
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
        send.click();
        number += 1;
      }
      if (number < ${seconds * rate}) setTimeout(say, 1);
      else resolve();
    };
    say();
  })
`;

async function openChat(page: Page, { url }: Replica): Promise<void> {
  await page.goto(`${url}/chat`);
  // The feed's list appears once the room has been joined.
  await page.locator('[role="log"] ol').waitFor();
}

/** From the send button of one browser to the text in the feed of the other, whose page came from the other replica. */
export async function measureBrowsers(from: Replica, to: Replica, load: Load): Promise<number[]> {
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const [speaker, listener] = await Promise.all([
      browser.newContext().then((context) => context.newPage()),
      browser.newContext().then((context) => context.newPage()),
    ]);
    await openChat(speaker, from);
    await openChat(listener, to);
    await listener.evaluate(observe);
    await speaker.evaluate(speak(load));
    const last = load.seconds * load.rate - 1;
    await until("the last message", () => listener.evaluate<boolean>(`window.seen.has(${last})`));
    const seen = (await listener.evaluate("[...window.seen]")) as [number, number][];
    const latencies = seen.filter(([number]) => number >= 0).map(([, latency]) => latency);
    if (latencies.length !== last + 1)
      throw new Error(`${latencies.length} of ${last + 1} messages were seen`);
    return latencies;
  } finally {
    await browser.close();
  }
}
