import type { JoinAnswer } from "../../protocol/events";
import { localeOf, readArguments, usage } from "./arguments";
import { CommandHandlers } from "./command-handlers";
import { help, readLine } from "./commands";
import { createDisplay, type Display } from "./display";
import { Session } from "./session";
import { openTerminal, type Terminal } from "./terminal";
import type { Trouble } from "./trouble";

/** A room of the chat at a terminal, or at a pipe: `npm run talk -- [URL] [ROOM]`. */

/** The program reports an ack that takes longer than this. */
const lateMs = 2_000;

/** Resolves with the exit code. */
async function talk(address: { url: string; room: string }): Promise<number> {
  const terminal = openTerminal();
  const display = createDisplay(terminal);
  let hasFailed = false;
  let stop: () => void = () => {};
  const isStopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  terminal.onStop(stop);

  const session = new Session(
    // A pipe stays out of the lobby: its further lines are not meant for the members there.
    { ...address, locale: localeOf(process.env), ...(terminal.isInteractive && { home: "lobby" }) },
    {
      ...entryListener(display),
      gone: (room) => display.complain(`The room ${room} is gone: back to the lobby.`),
      appended: display.appended,
      missed: display.missed,
      ended({ why, error }) {
        hasFailed = true;
        const isNoRoom = error?.code === "room_not_found" || error?.code === "bad_request";
        display.complain(isNoRoom ? `There’s no room ${session.room}.` : why);
        stop();
      },
    },
  );

  const carryOut = writer(session, display, terminal);
  async function readAll(): Promise<void> {
    for await (const line of terminal.lines) {
      const outcome = await carryOut(line);
      if (outcome === "quit") break;
      // A person has seen the failure; a script needs the exit code.
      if (outcome === "failed" && !terminal.isInteractive) hasFailed = true;
    }
    if (terminal.isInteractive && session.unsent().length === 0) return;
    if (terminal.isInteractive) display.complain("Sending what’s left. Press Ctrl-C to give up.");
    await session.settled();
  }

  await Promise.race([readAll(), isStopped]);
  // The ack of a message that is on its way comes before the answer to `room:leave` (W-5).
  await session.leave();
  for (const text of session.unsent()) {
    hasFailed = true;
    display.complain(`Not sent: ${text}`);
  }
  terminal.close();
  return hasFailed ? 1 : 0;
}

/** Reports the state of the connection, once and not at every try. */
function entryListener(display: Display) {
  let isAway = false;
  const back = (): void => {
    if (isAway) display.complain("The server is back.");
    isAway = false;
  };
  const away = (words: string): void => {
    if (!isAway) display.complain(words);
    isAway = true;
  };
  return {
    entered(answer: JoinAnswer): void {
      back();
      const { room, self, memberCount } = answer;
      const place = room.kind === "direct" ? "a private conversation" : `${room.id} (${room.title})`;
      const words = `You are ${self.name} in ${place}, ${memberCount} here. /help lists the commands.`;
      display.tell(words, "entered", room.id, room.title, self.id, self.name, memberCount);
    },
    resumed: back,
    away: ({ why }: Trouble): void => away(`Can’t reach the server (${why}). Trying again…`),
    degraded(isDegraded: boolean): void {
      if (isDegraded) away("Read-only for now. Messages will be sent when the server is back.");
      else back();
    },
  };
}

type Outcome = "done" | "failed" | "quit";

/** Handles one line at a time. A pipe waits for each message's fate; a person may keep writing. */
function writer(session: Session, display: Display, terminal: Terminal): (line: string) => Promise<Outcome> {
  const handlers = new CommandHandlers(session, display);

  async function say(text: string): Promise<Outcome> {
    const tell = () => terminal.isInteractive && display.complain(`Not sent yet: ${text}`);
    const late = setTimeout(tell, lateMs).unref();
    const refusal = await session.say(text);
    clearTimeout(late);
    if (refusal) display.complain(`Refused (${refusal.message}): ${text}`);
    return refusal ? "failed" : "done";
  }

  return async (typed) => {
    const line = readLine(typed);
    switch (line.is) {
      case "blank":
        return "done";
      case "mistake":
        display.complain(line.message);
        return "failed";
      case "text": {
        const fate = say(line.text);
        return terminal.isInteractive ? "done" : fate;
      }
      case "command":
        if (line.name === "quit") return "quit";
        // A script cannot ask again.
        if (!terminal.isInteractive) await session.ready();
        return (await handlers[line.name](line.argument)) ? "done" : "failed";
    }
  };
}

const words = process.argv.slice(2);
const given = readArguments(words);
if (words.some((word) => word === "--help" || word === "-h"))
  process.stdout.write(`${[usage, "", ...help()].join("\n")}\n`);
else if (given.ok) process.exitCode = await talk(given);
else {
  process.stderr.write(`${given.message}\n`);
  process.exitCode = 1;
}
