import type { Locator } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** The distances of an element's first text from its left and its right edge, in pixels. */
const places = (text: Locator) =>
  text.evaluate((element) => {
    const node = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    const box = element.getBoundingClientRect();
    const characters = [...(node?.textContent ?? "")];
    return characters.map((character, index) => {
      const range = document.createRange();
      range.setStart(node ?? element, index);
      range.setEnd(node ?? element, index + 1);
      const { left, right, top } = range.getBoundingClientRect();
      return { character, fromLeft: left - box.left, fromRight: box.right - right, top };
    });
  });

type Place = Awaited<ReturnType<typeof places>>[number];

const lineOf = (all: Place[], from: number, length: number) => {
  const line = all.slice(from, from + length);
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last) throw new Error("the line is not there");
  return { first, last };
};

test("each line of a message has the direction of its first letter", async ({
  startReplica,
  connect,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const lines = ["Hello there, friend!", "שלום לכם, חברים!", "مرحبا بكم!", "안녕하세요!", "and 1. back"];
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writer.say("lobby", lines.join("\n"));
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const text = new ChatPage(page).feed.locator(".message-text");
  await expect(text).toHaveCount(1);
  const all = await places(text);
  let from = 0;
  for (const line of lines) {
    const { first, last } = lineOf(all, from, line.length);
    from += line.length + 1;
    if (/^[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(line)) {
      expect(first.fromRight, line).toBeLessThan(2);
      expect(last.fromLeft, line).toBeLessThan(first.fromLeft);
    } else {
      expect(first.fromLeft, line).toBeLessThan(2);
      expect(last.fromLeft, line).toBeGreaterThan(first.fromLeft);
    }
  }
});

test("an address in a Hebrew line keeps its own direction, and so does the line", async ({
  startReplica,
  connect,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writer.say("lobby", "שלום https://example.com/a?b=(c)/ `f(x)!`");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const { feed } = new ChatPage(page);
  for (const part of [feed.getByRole("link", { name: "https://example.com/a" }), feed.locator("code")]) {
    const characters = await places(part);
    const lefts = characters.map(({ fromLeft }) => fromLeft);
    expect(lefts).toEqual([...lefts].sort((one, other) => one - other));
  }
  const [first] = await places(feed.locator(".message-text"));
  expect(first?.fromRight).toBeLessThan(2);
});

const look = (box: Locator) =>
  box.evaluate((element) => {
    const { direction, unicodeBidi, textAlign } = getComputedStyle(element);
    return { direction, unicodeBidi, textAlign };
  });

test("the text box has the direction of its text", async ({ startReplica, browserVisitor }) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.box.fill("Hello\nשלום");
  expect(await look(chat.box)).toEqual({ direction: "ltr", unicodeBidi: "plaintext", textAlign: "start" });
  await chat.box.fill("שלום\nHello");
  expect(await look(chat.box)).toEqual({ direction: "rtl", unicodeBidi: "plaintext", textAlign: "start" });
  await page.getByRole("button", { name: "Change your name" }).click();
  const name = page.getByRole("textbox", { name: "Choose a name" });
  await name.fill("שלום");
  expect(await look(name)).toMatchObject({ direction: "rtl" });
  await page.goto(`${replica.url}/rooms`);
  const title = page.getByRole("textbox", { name: "Name a new room" });
  await title.fill("שלום");
  expect(await look(title)).toMatchObject({ direction: "rtl" });
  await title.fill("Hello שלום");
  expect(await look(title)).toMatchObject({ direction: "ltr" });
});

test("[C-4] a message with any number of blank lines and invisible characters shows at most two blank lines", async ({
  startReplica,
  connect,
  browserVisitor,
}) => {
  // The guard would withhold so many texts with repeats and hidden characters.
  const replica = await startReplica({ GUARD: "off" });
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const gaps = [
    "\n\n\n",
    "\n".repeat(60),
    "\n\u2800".repeat(60),
    "\u3164\n".repeat(60),
    "\u2800".repeat(900),
  ];
  for (const gap of gaps) await writer.say("lobby", `above${gap}below`);
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const texts = new ChatPage(page).feed.locator(".message-text");
  await expect(texts).toHaveCount(gaps.length);
  const heights = await texts.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
  expect(new Set(heights.map(Math.round)).size, heights.join(" ")).toBe(1);
  await expect(page.getByRole("button", { name: "Show all" })).toHaveCount(0);
});
