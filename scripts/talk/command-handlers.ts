import type { Ack, JoinAnswer, Member, Room, WireError } from "../../protocol/events";
import { type CommandName, help } from "./commands";
import type { Display } from "./display";
import { forgottenName } from "./screen";
import type { Session } from "./session";

type ListedRoom = Room & { memberCount: number };
type Partner = Member & { online: boolean };

/** Carries out a slash command. Resolves with whether it succeeded. */
export type CommandHandler = (argument: string) => Promise<boolean>;

const noConnection = "Not connected right now. Try again when the server is back.";

/** An older server answers so to a command that it does not know. */
const isUnknown = ({ code, message }: WireError): boolean =>
  code === "bad_request" && /no such command/i.test(message);

function reasonOf(name: CommandName, error: WireError): string {
  if (isUnknown(error)) return `This server doesn’t know /${name} yet.`;
  // The server's message is about the shape of a field.
  if (name === "with" && error.code === "bad_request")
    return "That ID isn’t valid: /who lists the IDs of everyone here.";
  return error.message;
}

export function commandHandlers(
  session: Session,
  display: Display,
): Record<Exclude<CommandName, "quit">, CommandHandler> {
  /** Shows the answer, or the reason why there is none. */
  async function show<Answer>(
    name: CommandName,
    asked: Promise<Ack<Answer> | undefined>,
    answered: (answer: Answer) => undefined | Promise<boolean>,
  ): Promise<boolean> {
    const ack = await asked;
    if (ack?.ok) return (await answered(ack)) ?? true;
    display.complain(ack ? reasonOf(name, ack.error) : noConnection);
    return false;
  }

  async function go(name: CommandName, room: string): Promise<boolean> {
    if (room === session.room()) {
      display.complain("You’re already there.");
      return true;
    }
    // `entered` reports it.
    return show(name, session.enter(room), () => undefined);
  }

  const list = (rooms: ListedRoom[]): undefined => {
    display.head("Open rooms, with the number of people there and the title; /join ROOM takes you to one:");
    for (const { id, title, memberCount } of rooms)
      display.tell(`${id} (${memberCount}) ${title}`, "room", id, memberCount, title);
  };

  const name = (self: Member): undefined => display.tell(`You are ${self.name}.`, "self", self.id, self.name);

  const present = ({ self, members, memberCount }: JoinAnswer): undefined => {
    for (const { id, name } of members)
      display.tell(`${name} (${id})${id === self.id ? ", you" : ""}`, "member", id, name);
    display.tell(`${memberCount} here`, "count", memberCount);
  };

  return {
    rooms: () =>
      show("rooms", session.ask<{ rooms: ListedRoom[] }>("room:list", {}), ({ rooms }) => list(rooms)),
    create: (title) =>
      show("create", session.ask<{ room: Room }>("room:create", { title }), ({ room }) =>
        go("create", room.id),
      ),
    join: (room) => go("join", room),
    who: () => show("who", session.lookAround(), present),
    name: (wanted) => {
      const input = { room: session.room(), ...(wanted && { name: wanted }) };
      return show("name", session.ask<{ self: Member }>("name:change", input), ({ self }) => name(self));
    },
    async with(id) {
      if (id === session.self()?.id) {
        display.complain("That’s your own ID. Share it, and others can message you.");
        return false;
      }
      return show(
        "with",
        session.ask<{ room: Room; partner: Partner }>("direct:open", { with: id }),
        (answer) => {
          const { room, partner } = answer;
          const presence = partner.online ? "online" : "offline";
          const called = partner.name === forgottenName ? "a visitor without a name" : partner.name;
          display.tell(`With ${called}, who is ${presence}.`, "partner", partner.id, partner.name, presence);
          return go("with", room.id);
        },
      );
    },
    async id() {
      const self = session.self();
      if (self)
        display.tell(
          `Your ID is ${self.id}. Others can message you privately: /with ${self.id}`,
          "self",
          self.id,
          self.name,
        );
      else display.complain(noConnection);
      return self !== undefined;
    },
    async help() {
      for (const line of help()) display.tell(line, "help", line);
      return true;
    },
  };
}
