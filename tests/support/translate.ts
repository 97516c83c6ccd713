import { expect, type Page } from "@playwright/test";

/**
 * Changes the page as Chrome's translator does: replaces each text node by two nested `<font>` elements with a text of
 * their own. Texts that the page adds later stay untranslated until the next call. `mark` shows which texts are ours.
 * React can no longer change or remove a translated text that stands beside other nodes. Such texts may exist only in
 * sentences and messages, which are replaced and never changed, and in articles, which React leaves alone.
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
