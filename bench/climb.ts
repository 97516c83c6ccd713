import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { type Task, traced } from "./main-thread";

/** Somebody who turns the wheel as fast as a hand does. */
const wheelPx = 600;
const betweenTurnsMs = 60;
/** After so many turns at which nothing came or went, the end is reached: they are more than all rows that are drawn. */
const turnsAtEnd = 60;
/** A trace that is too long is cut off by the browser. */
const turnsInTrace = 300;

type Watched = {
  /** The most that a text in view was moved by a change of the rows, in px; one that has gone counts as 9,999. */
  jumpPx: number;
  /** How often rows came or went. */
  changes: number;
  mostRows: number;
  /** How long the reader stood at the edge before the next rows came, at most. */
  waitMs: number;
  /** The first line that is drawn. */
  first: string;
};

export type Climb = Watched & { seconds: number; tasks: Task[] };

/**
 * Notes where each text in view is, whenever it was scrolled, and compares when rows have come or gone: between the two
 * nobody has scrolled, so nothing may have moved. It is written out in the page: `tsx` may not rename it.
 */
const watch = `
  const box = document.querySelector('[role="log"]');
  const list = box.querySelector("ol");
  const watched = { jumpPx: 0, changes: 0, mostRows: 0, waitMs: 0, first: "" };
  window.watched = watched;
  let before = new Map();
  let atEdgeSince;
  const topOf = (row) => (row.querySelector(".message-text") ?? row).getBoundingClientRect().top;
  const tops = () => {
    const { top, bottom } = box.getBoundingClientRect();
    const isInView = (row) => {
      const place = row.getBoundingClientRect();
      return row.id !== "" && place.bottom > top && place.top < bottom;
    };
    return new Map([...list.children].filter(isInView).map((row) => [row.id, topOf(row)]));
  };
  const note = () => {
    before = tops();
    const isAtEdge = box.scrollTop < 1 || box.scrollTop + box.clientHeight > box.scrollHeight - 1;
    if (!isAtEdge) atEdgeSince = undefined;
    else atEdgeSince ??= performance.now();
  };
  addEventListener("scroll", note, { capture: true, passive: true });
  new MutationObserver(() => {
    const now = performance.now();
    for (const [id, top] of before) {
      const row = document.getElementById(id);
      watched.jumpPx = Math.max(watched.jumpPx, row ? Math.abs(topOf(row) - top) : 9999);
    }
    watched.changes += 1;
    watched.first = list.firstElementChild.textContent + list.children[1].textContent;
    watched.mostRows = Math.max(watched.mostRows, list.children.length);
    if (atEdgeSince !== undefined) watched.waitMs = Math.max(watched.waitMs, now - atEdgeSince);
    atEdgeSince = undefined;
    note();
  }).observe(list, { childList: true });
  note();
`;

/** Scrolls to the very first row, or the very last one, as a person does. */
export async function climb(page: Page, way: "up" | "down"): Promise<Climb> {
  await page.evaluate(`{ ${watch} }`);
  await page.locator('[role="log"]').hover();
  const tasks: Task[] = [];
  let idleTurns = 0;
  let changes = 0;
  const turn = async () => {
    for (let turns = 0; turns < turnsInTrace && idleTurns < turnsAtEnd; turns += 1) {
      await page.mouse.wheel(0, way === "up" ? -wheelPx : wheelPx);
      await pause(betweenTurnsMs);
      const before = changes;
      changes = await page.evaluate<number>("window.watched.changes");
      idleTurns = changes === before ? idleTurns + 1 : 0;
    }
  };
  let seconds = 0;
  while (idleTurns < turnsAtEnd) {
    const trace = await traced(page, turn);
    tasks.push(...trace.tasks);
    seconds += trace.ms / 1_000;
  }
  return { ...(await page.evaluate<Watched>("window.watched")), tasks, seconds };
}
