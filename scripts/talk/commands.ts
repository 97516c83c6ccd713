/** The meaning of a typed line. A text that begins with a slash is written with two. */

export const commandNames = ["rooms", "create", "join", "who", "name", "with", "id", "help", "quit"] as const;
export type CommandName = (typeof commandNames)[number];

type Usage = { argument?: string; isOptional?: true; does: string };

export const commands: Record<CommandName, Usage> = {
  rooms: { does: "list the rooms" },
  create: { argument: "TITLE", does: "create a room and go there" },
  join: { argument: "ROOM", does: "go to another room" },
  who: { does: "list who is here" },
  name: { argument: "[NAME]", isOptional: true, does: "change your name; without NAME, to a random one" },
  with: { argument: "ID", does: "message one visitor privately" },
  id: { does: "show your ID, so that others can message you" },
  help: { does: "show this" },
  quit: { does: "leave" },
};

export type TypedLine =
  | { is: "blank" }
  | { is: "text"; text: string }
  | { is: "command"; name: CommandName; argument: string }
  | { is: "mistake"; message: string };

export const usageOf = (name: CommandName): string => `/${name} ${commands[name].argument ?? ""}`.trim();

const isCommandName = (word: string): word is CommandName => Object.hasOwn(commands, word);

export function readLine(line: string): TypedLine {
  if (line.trim() === "") return { is: "blank" };
  if (!line.startsWith("/")) return { is: "text", text: line };
  if (line.startsWith("//")) return { is: "text", text: line.slice(1) };
  const [, word = "", rest = ""] = line.match(/^\/(\S*)\s*(.*)$/su) ?? [];
  const name = word.toLowerCase();
  const argument = rest.trim();
  if (!isCommandName(name))
    return {
      is: "mistake",
      message: `There’s no /${word} here: see /help. To send it as text, type //${word}.`,
    };
  const { argument: wanted, isOptional } = commands[name];
  if (wanted && !isOptional && argument === "")
    return { is: "mistake", message: `Something is missing: ${usageOf(name)}` };
  return { is: "command", name, argument };
}

export const help = (): string[] =>
  commandNames.map((name) => `${usageOf(name).padEnd(14)} ${commands[name].does}`);
