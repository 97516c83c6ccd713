import type { Ack, Member, Room, WireError } from "../../protocol/events";
import { type CommandName, help } from "./commands";
import type { Display } from "./display";
import { forgottenName } from "./screen";
import type { Session } from "./session";

type ListedRoom = Room & { memberCount: number };
type Partner = Member & { online: boolean };

/** Carries out a slash command. Resolves with whether it succeeded. */
type CommandHandler = (argument: string) => Promise<boolean>;

const noConnection = "Not connected right now. Try again when the server is back.";

/** A method for each slash command except /quit. */
export class CommandHandlers implements Record<Exclude<CommandName, "quit">, CommandHandler> {
  constructor(
    private readonly session: Session,
    private readonly display: Display,
  ) {}

  rooms(): Promise<boolean> {
    const asked = this.session.ask<{ rooms: ListedRoom[] }>("room:list", {});
    return this.show("rooms", asked, ({ rooms }) => {
      this.display.head(
        "Open rooms, with the number of people there and the title; /join ROOM takes you to one:",
      );
      for (const { id, title, memberCount } of rooms)
        this.display.tell(`${id} (${memberCount}) ${title}`, "room", id, memberCount, title);
    });
  }

  create(title: string): Promise<boolean> {
    const asked = this.session.ask<{ room: Room }>("room:create", { title });
    return this.show("create", asked, ({ room }) => this.go("create", room.id));
  }

  join(room: string): Promise<boolean> {
    return this.go("join", room);
  }

  who(): Promise<boolean> {
    return this.show("who", this.session.members(), ({ members, memberCount }) => {
      for (const { id, name } of members)
        this.display.tell(
          `${name} (${id})${id === this.session.self?.id ? ", you" : ""}`,
          "member",
          id,
          name,
        );
      this.display.tell(`${memberCount} here`, "count", memberCount);
    });
  }

  name(wanted: string): Promise<boolean> {
    const input = { room: this.session.room, ...(wanted && { name: wanted }) };
    return this.show("name", this.session.ask<{ self: Member }>("name:change", input), ({ self }) =>
      this.display.tell(`You are ${self.name}.`, "self", self.id, self.name),
    );
  }

  async with(id: string): Promise<boolean> {
    if (id === this.session.self?.id) {
      this.display.complain("That’s your own ID. Share it, and others can message you.");
      return false;
    }
    const asked = this.session.ask<{ room: Room; partner: Partner }>("direct:open", { with: id });
    return this.show("with", asked, ({ room, partner }) => {
      const presence = partner.online ? "online" : "offline";
      const called = partner.name === forgottenName ? "a visitor without a name" : partner.name;
      const words = `With ${called}, who is ${presence}.`;
      this.display.tell(words, "partner", partner.id, partner.name, presence);
      return this.go("with", room.id);
    });
  }

  async id(): Promise<boolean> {
    const { self } = this.session;
    if (self === undefined) {
      this.display.complain(noConnection);
      return false;
    }
    const words = `Your ID is ${self.id}. Others can message you privately: /with ${self.id}`;
    this.display.tell(words, "self", self.id, self.name);
    return true;
  }

  async help(): Promise<boolean> {
    for (const line of help()) this.display.tell(line, "help", line);
    return true;
  }

  private async go(name: CommandName, room: string): Promise<boolean> {
    if (room === this.session.room) {
      this.display.complain("You’re already there.");
      return true;
    }
    // The session's listener reports it as `entered`.
    return this.show(name, this.session.enter(room), () => undefined);
  }

  /** Shows the answer, or the reason why there is none. */
  private async show<Answer>(
    name: CommandName,
    asked: Promise<Ack<Answer> | undefined>,
    answered: (answer: Answer) => undefined | Promise<boolean>,
  ): Promise<boolean> {
    const ack = await asked;
    if (ack?.ok) return (await answered(ack)) ?? true;
    this.display.complain(ack ? reasonOf(name, ack.error) : noConnection);
    return false;
  }
}

/** An older server gives this answer to a command that it does not know. */
const isUnknown = ({ code, message }: WireError): boolean =>
  code === "bad_request" && /no such command/i.test(message);

function reasonOf(name: CommandName, error: WireError): string {
  if (isUnknown(error)) return `This server doesn’t know /${name} yet.`;
  // The server's message is about the shape of a field.
  if (name === "with" && error.code === "bad_request")
    return "That ID isn’t valid: /who lists the IDs of everyone here.";
  return error.message;
}
