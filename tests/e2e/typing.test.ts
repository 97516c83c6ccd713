import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** Who is typing, under the feed. */

const line = ({ page }: ChatPage) => page.locator(".typing-line");

test("[C-6b] the other page shows the typing visitor until the message arrives, and no page shows its own visitor", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const left = new ChatPage((await browserVisitor({ url: `${one?.url}/chat` })).page);
  const name = await left.name();
  const right = new ChatPage(
    (await browserVisitor({ url: `${two?.url}/chat`, viewport: { width: 360, height: 740 } })).page,
  );
  await left.notice(`${await right.name()} joined`);
  const height = (await right.feed.boundingBox())?.height;
  await left.box.pressSequentially("hel");
  await expect(line(right)).toHaveText(`${name} is typing`);
  expect((await right.feed.boundingBox())?.height, "nothing moves").toBe(height);
  await expect(line(left)).toHaveText("");
  await left.box.press("Enter");
  await expect(right.message("hel")).toBeVisible();
  await expect(line(right)).toHaveText("");
  await left.box.pressSequentially("x");
  await expect(line(right)).toHaveText(`${name} is typing`);
  await left.box.press("Backspace");
  await expect(line(right)).toHaveText("");
});

test("[C-6b] the line names two typing visitors and counts the others, and a visitor that stops soon disappears", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const chat = new ChatPage((await browserVisitor({ url: `${one?.url}/chat` })).page);
  await chat.name();
  const typists = await Promise.all([1, 2, 3].map(() => connect({ url: two?.url ?? "" })));
  const [a, b] = await Promise.all(typists.map(async (typist) => (await typist.join("lobby")).self.name));
  const sentences = [`${a} is typing`, `${a} and ${b} are typing`, `${a}, ${b} and others are typing`];
  for (const [last, sentence] of sentences.entries()) {
    for (const typist of typists.slice(0, last + 1))
      await typist.must("typing:set", { room: "lobby", typing: true });
    await expect(line(chat)).toHaveText(sentence);
  }
  await expect(line(chat)).toHaveText("");
});
