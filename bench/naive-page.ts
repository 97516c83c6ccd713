import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

const socketClient = new URL("../node_modules/socket.io-client/dist/socket.io.min.js", import.meta.url);

/** The simplest page: every message becomes a node that stays, and the page keeps the end in view. */
const script = `
  document.body.innerHTML = '<div role="log"><ol></ol></div><textarea></textarea>';
  const box = document.querySelector('[role="log"]');
  box.style.cssText = "height: 80vh; overflow: auto";
  const add = (entries) => {
    for (const { kind, by, at, text } of entries) {
      const row = document.createElement("li");
      row.textContent = new Date(at ?? 0).toLocaleTimeString() + " " + (by?.name ?? "") + ": " + (text ?? kind);
      box.firstElementChild.append(row);
    }
    box.scrollTop = box.scrollHeight;
  };
  const socket = io({ transports: ["websocket"], addTrailingSlash: false, auth: { protocol: 1 } });
  socket.on("session:started", () => socket.emit("room:join", { room: "lobby" }, (ack) => add(ack.entries)));
  socket.on("feed:appended", ({ entries }) => add(entries));
`;

/** The same lobby on a bare page of the same site, with only a list and a text box, for comparison. */
export async function openNaivePage(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/api/health`);
  await page.evaluate(readFileSync(socketClient, "utf8"));
  await page.evaluate(`{ ${script} }`);
  await page.locator("li").first().waitFor();
}
