import type { z } from "zod";
import type { ClientToServer } from "../../../protocol/events";
import { roomSeenBy } from "../../broker/direct-rooms";
import { ChatError } from "../../errors";
import { parse } from "../parse";
import type { Services } from "../services";
import { checkSanctions } from "./check-sanctions";
import type { CommandCaller, Outcome } from "./command";
import { directCommands } from "./direct-commands";
import { messageCommands } from "./message-commands";
import { oversightCommands } from "./oversight-commands";
import { ownerCommands } from "./owner-commands";
import { reportCommands } from "./report-commands";
import { roomCommands } from "./room-commands";
import { visitorCommands } from "./visitor-commands";

export type CommandName = keyof ClientToServer;
type Command = { name: CommandName; input: object };
/** `fault`: why it is refused. */
export type ReadCommand = Command | { fault: unknown };

type Definition = {
  shape: z.ZodType<object>;
  carryOut(services: Services, caller: CommandCaller, input: object): Promise<Outcome>;
};

/** Every command of the wire: one without a definition does not compile. */
const commands: Record<CommandName, unknown> = {
  ...roomCommands,
  ...messageCommands,
  ...directCommands,
  ...visitorCommands,
  ...ownerCommands,
  ...oversightCommands,
  ...reportCommands,
};

// The compiler does not see that a command's input has the shape that its definition names.
const definitionOf = (name: CommandName) => commands[name] as Definition;

/**
 * Read on arrival, so that only known fields are kept while it waits. `args` are the event's, its callback left out. A fault
 * is told in the command's turn: rates come first (W-6).
 */
export function readCommand(event: string, args: unknown[]): ReadCommand {
  try {
    return parseCommand(event, args);
  } catch (fault) {
    return { fault };
  }
}

/** Counts only the strings: the limit on the number of commands bounds the rest. */
export function textBytesOf(command: ReadCommand): number {
  if ("fault" in command) return 0;
  const strings = Object.values(command.input).filter((value) => typeof value === "string");
  return strings.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}

/** Throws ChatError("bad_request"). */
export function parseCommand(event: string, args: unknown[]): Command {
  if (!isCommand(event)) throw new ChatError("bad_request", "There is no such command.");
  if (args.length !== 1) throw new ChatError("bad_request", "A command takes one object and a callback.");
  return { name: event, input: parse(definitionOf(event).shape, args[0]) };
}

const isCommand = (event: string): event is CommandName => Object.hasOwn(commands, event);

/**
 * Every command passes here, so past this point no visitor can name a conversation of others (C-5), and no sanctioned one
 * does what its sanction forbids (O-4).
 */
export async function carryOut(
  services: Services,
  caller: CommandCaller,
  { name, input }: Command,
): Promise<Outcome> {
  const seen: { room?: string } = seenBy(caller, input);
  checkSanctions(services.moderation, caller, name, seen.room);
  return definitionOf(name).carryOut(services, caller, seen);
}

const seenBy = ({ visitor }: CommandCaller, input: { room?: string }): object =>
  input.room === undefined ? input : { ...input, room: roomSeenBy(visitor.id, input.room) };
