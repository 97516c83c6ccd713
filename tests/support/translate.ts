import { expect, type Page } from "@playwright/test";

/**
 * Does to the page what Chrome's translator does: each text node goes, and two nested `<font>` elements with a text of their own
 * come in its place. Texts that the page puts there later stay as they are until it is done again. The mark shows which are ours.
 *
 * A text that stands beside other nodes is what React cannot change or take away after that. There is to be none, but in
 * sentences and messages, which are never changed but replaced, and in the articles, which React leaves alone.
 */
export async function translate(page: Page, mark = ""): Promise<void> {
  const bare = await page.evaluate((sign) => {
    const texts: Text[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    const isPages = ({ parentElement: parent }: Text) =>
      parent && !/^(script|style|noscript|textarea|font)$/i.test(parent.tagName);
    const isBare = ({ data, parentElement: parent }: Text) =>
      data.trim() &&
      parent?.childNodes.length !== 1 &&
      !parent?.closest(".sentence, .message-text, div.article");
    const found = texts.filter(isPages).filter(isBare);
    const places = found.map(({ parentElement: parent }) => parent?.outerHTML ?? "");
    for (const text of texts.filter(isPages)) {
      const outer = document.createElement("font");
      const inner = outer.appendChild(document.createElement("font"));
      inner.textContent = text.data + (text.data.trim() && sign);
      text.replaceWith(outer);
    }
    return places;
  }, mark);
  expect(bare, "texts beside other nodes").toEqual([]);
}
