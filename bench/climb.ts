import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { type Watched, watchedIn, watchFeed } from "../tests/support/feed-watch";
import { type Task, traced } from "./main-thread";

/** A hand turns the wheel this fast. */
const wheelPx = 600;
const betweenTurnsMs = 60;
/** So many turns without a change of rows mean the end: they scroll further than all drawn rows. */
const turnsAtEnd = 60;
/** Chromium cuts off a longer trace. */
const turnsInTrace = 300;

export type Climb = Watched & { seconds: number; tasks: Task[] };

/** Scrolls to the very first row, or to the very last one, as a person does. */
export async function climb(page: Page, way: "up" | "down"): Promise<Climb> {
  await watchFeed(page);
  await page.locator('[role="log"]').hover();
  const tasks: Task[] = [];
  let idleTurns = 0;
  let changes = 0;
  const turn = async () => {
    for (let turns = 0; turns < turnsInTrace && idleTurns < turnsAtEnd; turns += 1) {
      await page.mouse.wheel(0, way === "up" ? -wheelPx : wheelPx);
      await pause(betweenTurnsMs);
      const before = changes;
      ({ changes } = await watchedIn(page));
      idleTurns = changes === before ? idleTurns + 1 : 0;
    }
  };
  let seconds = 0;
  while (idleTurns < turnsAtEnd) {
    const trace = await traced(page, turn);
    tasks.push(...trace.tasks);
    seconds += trace.ms / 1_000;
  }
  return { ...(await watchedIn(page)), tasks, seconds };
}
