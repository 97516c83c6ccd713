import { openNote } from "../../components/chat/alerts/note";
import type { Member } from "../../protocol/events";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment } from "./fake-environment";
import { message, other } from "./feed-makers";

const nameOf = ({ name, role }: Member) => (role ? `${name} (${role})` : name);
const say = (count: number) => ({ title: "Lobby", many: `${count} new`, nameOf });

/** A note, and the texts that it asked to show; corrections are in brackets. */
function open() {
  const asked: string[] = [];
  const environment = new FakeEnvironment();
  const note = openNote(
    {
      put: ({ title, body }) => void asked.push(`${title}: ${body}`),
      amend: ({ title, body }) => void asked.push(`[${title}: ${body}]`),
      clear: () => void asked.push("nothing"),
    },
    environment.after,
  );
  return { environment, note, asked };
}

test("the first note is shown at once, later ones within three seconds together, and after that at once again", async () => {
  const { environment, note, asked } = open();
  const all = [message(1), message(2), message(3), message(4)];
  note.show(all.slice(0, 1), say);
  expect(asked).toEqual([`${other.name} · Lobby: text 1`]);
  note.show(all.slice(0, 2), say);
  note.show(all.slice(0, 3), say);
  expect(asked).toHaveLength(1);
  await environment.pass(3_000);
  expect(asked.slice(1)).toEqual([`Lobby · 3 new: ${other.name}: text 3`]);
  await environment.pass(6_000);
  note.show(all, say);
  expect(asked.slice(2)).toEqual([`Lobby · 4 new: ${other.name}: text 4`]);
});

test("a removed message disappears from the note at once, and the removal of the last one closes it", () => {
  const { note, asked } = open();
  note.show([message(1), message(2)], say);
  note.correct([message(1)], say);
  expect(asked.at(-1)).toBe(`[${other.name} · Lobby: text 1]`);
  note.correct([], say);
  expect(asked.at(-1)).toBe("nothing");
});

test("another tab's note is also corrected, and never shown anew", () => {
  const { note, asked } = open();
  note.correct([message(1), message(2)], say);
  expect(asked).toEqual([`[Lobby · 2 new: ${other.name}: text 2]`]);
});

test("after a note is closed, nothing of it is shown later", async () => {
  const { environment, note, asked } = open();
  note.show([message(1)], say);
  note.show([message(1), message(2)], say);
  note.close();
  await environment.pass(10_000);
  expect(asked.slice(1)).toEqual(["nothing"]);
  note.show([message(3)], say);
  expect(asked.at(-1)).toBe(`${other.name} · Lobby: text 3`);
});

test("[O-2] a note shows the role of a message's author", () => {
  const { note, asked } = open();
  note.show([message(1, { ...other, role: "owner" })], say);
  expect(asked).toEqual([`${other.name} (owner) · Lobby: text 1`]);
});
