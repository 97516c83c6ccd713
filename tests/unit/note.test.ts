import { expect, test } from "@playwright/test";
import { openNote } from "../../components/chat/alerts/note";
import { FakeWorld } from "./fake-world";
import { message, other } from "./feed-makers";

/** What a browser was asked to show, in place of its own. */
class ShownNote {
  static permission: NotificationPermission = "granted";
  static shown: { title: string; body: string; tag: string; isClosed: boolean }[] = [];
  private readonly here;

  constructor(title: string, { body = "", tag = "" }: NotificationOptions = {}) {
    this.here = { title, body, tag, isClosed: false };
    ShownNote.shown.push(this.here);
  }

  close(): void {
    this.here.isClosed = true;
  }
}

const say = (count: number) => ({ title: "Lobby", many: `${count} new` });

function open() {
  ShownNote.shown = [];
  ShownNote.permission = "granted";
  Object.assign(globalThis, { Notification: ShownNote });
  const world = new FakeWorld();
  return { world, note: openNote("lobby", world.after) };
}

const titles = () => ShownNote.shown.map(({ title, body }) => `${title}: ${body}`);

test("the first is shown at once, what follows within three seconds together, and then at once again", async () => {
  const { world, note } = open();
  const all = [message(1), message(2), message(3), message(4)];
  note.show(all.slice(0, 1), say);
  expect(titles()).toEqual([`${other.name} · Lobby: text 1`]);
  note.show(all.slice(0, 2), say);
  note.show(all.slice(0, 3), say);
  expect(ShownNote.shown).toHaveLength(1);
  await world.pass(3_000);
  expect(titles().slice(1)).toEqual([`Lobby · 3 new: ${other.name}: text 3`]);
  await world.pass(6_000);
  note.show(all, say);
  expect(titles().slice(2)).toEqual([`Lobby · 4 new: ${other.name}: text 4`]);
  expect(new Set(ShownNote.shown.map(({ tag }) => tag)), "each takes the other's place").toEqual(
    new Set(["madang:lobby"]),
  );
});

test("what is removed is corrected at once, and nothing is left of the last", () => {
  const { note } = open();
  note.show([message(1), message(2)], say);
  note.correct([message(1)]);
  expect(titles().at(-1)).toBe(`${other.name} · Lobby: text 1`);
  note.correct([]);
  expect(ShownNote.shown.at(-1)?.isClosed).toBe(true);
});

test("once closed, nothing of it comes later", async () => {
  const { world, note } = open();
  note.show([message(1)], say);
  note.show([message(1), message(2)], say);
  note.close();
  await world.pass(10_000);
  expect(ShownNote.shown).toHaveLength(1);
  note.show([message(3)], say);
  expect(titles().at(-1)).toBe(`${other.name} · Lobby: text 3`);
});

test("without the permission nothing is shown, and a page that may not is no error", () => {
  const { note } = open();
  ShownNote.permission = "denied";
  note.show([message(1)], say);
  expect(ShownNote.shown).toEqual([]);
  class Illegal {
    static permission = "granted";
    constructor() {
      throw new TypeError("Illegal constructor");
    }
  }
  Object.assign(globalThis, { Notification: Illegal });
  expect(() => openNote("lobby", new FakeWorld().after).show([message(1)], say)).not.toThrow();
});
