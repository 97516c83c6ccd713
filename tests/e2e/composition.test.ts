import type { CDPSession, Locator } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** Composition in Chromium itself, through the DevTools protocol. tests/unit/traces/ has the events of other browsers. */

class Composer {
  constructor(
    readonly chat: ChatPage,
    private readonly devTools: CDPSession,
  ) {}

  /** Does what an input method does: shows one composed text after the other. */
  async compose(...texts: string[]): Promise<void> {
    for (const text of texts) {
      const end = text.length;
      await this.devTools.send("Input.imeSetComposition", { text, selectionStart: end, selectionEnd: end });
    }
  }

  /** Replaces the composed text, and commits it. */
  async commit(text: string): Promise<void> {
    await this.devTools.send("Input.insertText", { text });
  }

  /** A press of Enter that the input method consumes. */
  async takenEnter(modifiers = 0): Promise<void> {
    await this.devTools.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Enter",
      code: "Enter",
      windowsVirtualKeyCode: 229,
      modifiers,
    });
  }

  /** Sends a last message, and resolves with all messages in the feed, in order. */
  async said(last: string): Promise<string[]> {
    await this.chat.say(last);
    await expect(this.chat.message(last)).toBeVisible();
    return texts(this.chat.feed).allTextContents();
  }
}

const shift = 8;
const texts = (feed: Locator): Locator => feed.locator(".message-text");

const withComposer = test.extend<{ composer: Composer }>({
  composer: async ({ startReplica, browserVisitor }, use) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: `${replica.url}/chat` });
    const chat = new ChatPage(page);
    await chat.name();
    await chat.box.focus();
    await use(new Composer(chat, await page.context().newCDPSession(page)));
  },
});

withComposer("Hangul under composition and one Enter: sent once and whole", async ({ composer }) => {
  const { chat } = composer;
  await composer.commit("안녕하세");
  await composer.compose("ㅇ", "요");
  await composer.takenEnter();
  await composer.commit("요");
  await chat.box.press("Enter");
  await expect(chat.message("안녕하세요")).toHaveCount(1);
  await expect(chat.box).toHaveValue("");
  expect(await composer.said("after")).toEqual(["안녕하세요", "after"]);
});

withComposer("Hangul composed over what is selected in the middle is sent whole", async ({ composer }) => {
  const { chat } = composer;
  await chat.box.fill("하나 둘 셋");
  await chat.box.evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(3, 4));
  await composer.compose("ㄴ", "네", "넷");
  await composer.takenEnter();
  await composer.commit("넷");
  await chat.box.press("Enter");
  expect(await composer.said("after")).toEqual(["하나 넷 셋", "after"]);
});

withComposer("Shift+Enter ends a syllable, breaks the line and does not send", async ({ composer }) => {
  const { chat } = composer;
  await composer.compose("ㅂ", "바", "밥");
  await composer.takenEnter(shift);
  await composer.commit("밥");
  await chat.box.press("Shift+Enter");
  await expect(chat.box).toHaveValue("밥\n");
  await composer.compose("ㅈ", "주", "줘");
  await composer.takenEnter();
  await composer.commit("줘");
  await chat.box.press("Enter");
  expect(await composer.said("after")).toEqual(["밥\n줘", "after"]);
});

withComposer("Enter with the composition still open sends Hangul once", async ({ composer }) => {
  const { chat } = composer;
  await composer.compose("ㅂ", "바", "밥");
  await chat.box.press("Enter");
  await expect(chat.message("밥")).toHaveCount(1);
  await expect(chat.box).toHaveValue("");
  expect(await composer.said("after")).toEqual(["밥", "after"]);
});

withComposer("Japanese under composition: Enter commits, the next one sends", async ({ composer }) => {
  const { chat } = composer;
  await composer.compose("に", "にほ", "にほん", "日本");
  await composer.takenEnter();
  await composer.commit("日本");
  await expect(chat.box).toHaveValue("日本");
  await expect(chat.message("日本")).toHaveCount(0);
  await chat.box.press("Enter");
  expect(await composer.said("after")).toEqual(["日本", "after"]);
});

withComposer(
  "during Chinese composition Enter takes the letters, and the next Enter sends",
  async ({ composer }) => {
    const { chat } = composer;
    await composer.compose("n", "ni", "ni h", "ni hao");
    await composer.takenEnter();
    await composer.commit("nihao");
    await expect(chat.box).toHaveValue("nihao");
    await expect(texts(chat.feed)).toHaveCount(0);
    await chat.box.press("Enter");
    expect(await composer.said("after")).toEqual(["nihao", "after"]);
  },
);

withComposer("an Enter held down sends once, and not what is written next", async ({ composer }) => {
  const { chat } = composer;
  await chat.box.pressSequentially("held");
  await chat.page.keyboard.down("Enter");
  await expect(chat.box).toHaveValue("");
  await chat.box.evaluate((box: HTMLTextAreaElement) => {
    box.value = "next";
  });
  await chat.page.keyboard.down("Enter");
  await chat.page.keyboard.down("Enter");
  await chat.page.keyboard.up("Enter");
  await expect(chat.box).toHaveValue("next");
  expect(await composer.said("after")).toEqual(["held", "after"]);
});

for (const [script, composed, left] of [
  ["Hangul", ["ㅇ", "요"], "안녕하세요"],
  ["Japanese", ["に", "日本"], "日本"],
] as const)
  withComposer(`the button sends ${script} that is being composed, once and whole`, async ({ composer }) => {
    const { chat } = composer;
    if (script === "Hangul") await composer.commit("안녕하세");
    await composer.compose(...composed);
    await chat.sendButton.click();
    await expect(chat.message(left)).toHaveCount(1);
    await expect(chat.box).toHaveValue("");
    await expect(chat.box).toBeFocused();
    expect(await composer.said("after")).toEqual([left, "after"]);
  });

withComposer(
  "where a tap on the button leaves the focus in the box, the sent text does not come back into it",
  async ({ composer }) => {
    const { chat } = composer;
    await composer.compose("に", "日本");
    // On iOS the click comes, and the focus stays in the box.
    await chat.sendButton.evaluate((button: HTMLElement) => button.click());
    await expect(chat.message("日本")).toHaveCount(1);
    await expect(chat.box).toHaveValue("");
    await composer.compose("あ");
    await composer.commit("あ");
    await expect(chat.box).toHaveValue("あ");
    expect(await composer.said("after")).toEqual(["日本", "after"]);
  },
);

withComposer(
  "a click elsewhere keeps a composition and sends nothing; the next Enter sends it",
  async ({ composer }) => {
    const { chat } = composer;
    await composer.compose("ㅂ", "밥");
    await chat.feed.click();
    await expect(chat.box).toHaveValue("밥");
    await expect(texts(chat.feed)).toHaveCount(0);
    await chat.box.focus();
    await chat.box.press("Enter");
    expect(await composer.said("after")).toEqual(["밥", "after"]);
  },
);

withComposer("Escape and Up are the input method's while it composes", async ({ composer }) => {
  const { chat } = composer;
  await chat.say("who is there?");
  await chat.entry("who is there?").hover();
  await chat.page.getByRole("button", { name: "Reply", exact: true }).click();
  await composer.compose("お");
  await chat.box.press("Escape");
  await chat.box.press("ArrowUp");
  await expect(chat.page.getByText(/^Replying to /)).toBeVisible();
  await composer.commit("お");
  await expect(chat.box).toHaveValue("お");
  await chat.box.press("Escape");
  await expect(chat.page.getByText(/^Replying to /)).toBeHidden();
});
