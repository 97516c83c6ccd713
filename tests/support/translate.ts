import type { Page } from "@playwright/test";

/**
 * Does to the page what Chrome's translator does: each text node goes, and two nested `<font>` elements with a text of their own
 * come in its place. Texts that the page puts there later stay as they are until it is done again. The mark shows which are ours.
 */
export const translate = (page: Page, mark = ""): Promise<number> =>
  page.evaluate((sign) => {
    const texts: Text[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    const isText = ({ parentElement: parent }: Text) =>
      parent && !/^(script|style|noscript|textarea|font)$/i.test(parent.tagName);
    const rewritten = texts.filter(isText);
    for (const text of rewritten) {
      const outer = document.createElement("font");
      const inner = outer.appendChild(document.createElement("font"));
      inner.textContent = text.data + (text.data.trim() && sign);
      text.replaceWith(outer);
    }
    return rewritten.length;
  }, mark);
