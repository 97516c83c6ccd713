import { expect, test } from "@playwright/test";
import pino from "pino";
import type { Entry } from "../../protocol/events";
import { Activity } from "../../server/chat/activity";
import { ChatError } from "../../server/chat/errors";
import { MemoryDirectory } from "../../server/directory/memory-directory";
import { type Clock, systemClock } from "../../server/lib/clock";
import { settle } from "./fake-world";

/** A directory that can be away, and remembers how it was told. */
class ToldDirectory extends MemoryDirectory {
  readonly told: [string, number][][] = [];
  /** Set while it is away: happens before it refuses. */
  away: (() => void) | undefined;

  override async heard(activity: ReadonlyMap<string, number>) {
    this.away?.();
    if (this.away !== undefined) throw new ChatError("unavailable");
    this.told.push([...activity]);
  }
}

function open() {
  let run = () => {};
  const clock: Clock = {
    ...systemClock,
    every(_interval, what) {
      run = what;
      return () => {
        run = () => {};
      };
    },
  };
  const directory = new ToldDirectory(clock);
  const activity = new Activity(directory, clock, pino({ level: "silent" }));
  const second = async () => {
    run();
    await settle();
  };
  return { directory, activity, second };
}

const entries = (...times: number[]) => times.map((at, index) => ({ seq: index + 1, at }) as Entry);

test("[C-8] whatever is said in a second is told to the index once, each room by its last entry", async () => {
  const { directory, activity, second } = open();
  activity.appended("tea", entries(1, 2));
  activity.appended("coffee", entries(3));
  activity.appended("tea", entries(4, 5));
  expect(directory.told).toEqual([]);
  await second();
  await second();
  expect(directory.told).toEqual([
    [
      ["tea", 5],
      ["coffee", 3],
    ],
  ]);
});

test("[C-8] the lobby and conversations of two are never told to the index", async () => {
  const { directory, activity, second } = open();
  for (const room of ["lobby", "direct-a"]) activity.appended(room, entries(1));
  activity.appended("tea", []);
  await second();
  expect(directory.told).toEqual([]);
});

test("[C-8] what could not be told is told again, without going back behind what came later", async () => {
  const { directory, activity, second } = open();
  activity.appended("tea", entries(1));
  activity.appended("coffee", entries(2));
  directory.away = () => activity.appended("tea", entries(3));
  await second();
  directory.away = undefined;
  await second();
  expect(Object.fromEntries(directory.told.flat())).toEqual({ tea: 3, coffee: 2 });
});

test("[C-8] on closing what is left is told, and nothing after it", async () => {
  const { directory, activity, second } = open();
  activity.appended("tea", entries(1));
  await activity.close();
  expect(directory.told).toEqual([[["tea", 1]]]);
  activity.appended("tea", entries(2));
  await second();
  expect(directory.told).toHaveLength(1);
});
