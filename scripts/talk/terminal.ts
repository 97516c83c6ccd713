import { createInterface, type Interface, type Key } from "node:readline";
import type { ScreenStyle } from "./screen";

/** The source of lines and the target of rows: a person's terminal, or pipes. */
export type Terminal = {
  /** True when a person types, and sees the typed line among the arriving rows. */
  isInteractive: boolean;
  /** Undefined when another program reads the output. */
  style(): ScreenStyle | undefined;
  lines: AsyncIterable<string>;
  print(rows: string[]): void;
  complain(row: string): void;
  /** Ctrl-C, a signal, or an output that is closed. */
  onStop(stop: () => void): void;
  close(): void;
};

const { stdin, stdout, stderr, env } = process;
const isScreen = stdout.isTTY === true;

/** https://no-color.org */
const style = (): ScreenStyle | undefined =>
  isScreen ? { columns: stdout.columns || 80, hasColour: !env.NO_COLOR && env.TERM !== "dumb" } : undefined;

function listenForEnd(stop: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  stdout.on("error", stop);
}

export function openTerminal(): Terminal {
  return stdin.isTTY && isScreen && env.TERM !== "dumb" ? openPrompt() : openPipe();
}

function openPipe(): Terminal {
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
  return {
    isInteractive: false,
    style,
    lines: ended(lines),
    print: (rows) => void stdout.write(rows.map((row) => `${row}\n`).join("")),
    complain: (row) => void stderr.write(`${row}\n`),
    onStop: listenForEnd,
    close() {
      lines.close();
      stdin.destroy();
    },
  };
}

const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : "");
const clearFromHere = "\r\u001b[J";

/** Prints arriving rows above the line that is being typed, and draws that line again below them. */
function openPrompt(): Terminal {
  const prompt = createInterface({ input: stdin, output: stdout, terminal: true, prompt: "> " });
  let isClosed = false;
  let echoedRows = 0;

  /** readline redraws from that many rows above the cursor, and miscounts them after a paste. */
  const drawFrom = (prevRows: number) => Object.assign(prompt, { prevRows });

  // Runs for each key before readline does.
  stdin.prependListener("keypress", (_: string, key?: Key) => {
    if (isClosed) return;
    drawFrom(prompt.getCursorPos().rows);
    if (key?.name !== "return" && key?.name !== "enter") return;
    // Move to the line's end, wherever in the line the cursor is.
    prompt.write(null, { ctrl: true, name: "e" });
    echoedRows = prompt.getCursorPos().rows;
  });
  // Remove the typed line: it comes back as an entry, and would be shown twice.
  prompt.on("line", () => {
    stdout.write(`${up(echoedRows + 1)}${clearFromHere}`);
    prompt.prompt();
  });
  prompt.on("close", () => {
    isClosed = true;
    stdout.write("\n");
  });
  prompt.prompt();

  function print(rows: string[]): void {
    const text = rows.map((row) => `${row}\n`).join("");
    if (isClosed || text === "") return void stdout.write(text);
    // In one write: a screen drawn between two would lack the typed line.
    stdout.cork();
    stdout.write(`${up(prompt.getCursorPos().rows)}${clearFromHere}${text}`);
    drawFrom(0);
    prompt.prompt(true);
    stdout.uncork();
  }

  return {
    isInteractive: true,
    style,
    lines: ended(prompt),
    print,
    complain: (row) => print([row]),
    onStop(stop) {
      prompt.on("SIGINT", stop);
      listenForEnd(stop);
    },
    close: () => prompt.close(),
  };
}

/** The iterator listens from its creation, not from its first use: no line is lost in between. */
const ended = (lines: Interface): AsyncIterable<string> => {
  const iterator = lines[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => iterator };
};
