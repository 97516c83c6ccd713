import { type Child, startChild } from "./child";
import { compiled } from "./compiled";
import { test as base } from "./fixtures";
import { type Answers, startMadeUpServer } from "./made-up-server";

/** The terminal client, as a process of its own. */
export type Talker = Child & {
  /** Types or pipes whole lines. */
  say(...lines: string[]): void;
  /** Presses keys. */
  type(keys: string): void;
  endInput(): void;
  /** The records of one kind that it printed, as lists of fields. */
  records(kind: string): string[][];
  /** The texts that it has shown, in order. */
  texts(): string[];
};

export type TalkerOptions = { env?: Record<string, string>; command?: [string, ...string[]] };

const program = () => [process.execPath, compiled("scripts/talk/talk.ts")] as [string, string];
const { NO_COLOR: _, ...surroundings } = process.env;

function startTalker(words: string[], { env, command = program() }: TalkerOptions = {}): Talker {
  const [file, ...first] = command;
  const child = startChild(file, [...first, ...words], {
    env: { ...surroundings, LANG: "C.UTF-8", LC_ALL: "", TERM: "xterm", ...env } as NodeJS.ProcessEnv,
    input: "pipe",
  });
  const records = (kind: string) =>
    child
      .written("stdout")
      .split("\n")
      .map((line) => line.split("\t"))
      .filter(([first]) => first === kind);
  return {
    ...child,
    say: (...lines) => void child.input?.write(lines.map((line) => `${line}\n`).join("")),
    type: (keys) => void child.input?.write(keys),
    endInput: () => void child.input?.end(),
    records,
    texts: () => records("message").map(([, , , , , text = ""]) => text),
  };
}

/** Starts it in a pseudo-terminal of 40 columns, made by `script` (util-linux); the shell runs `then` afterwards. */
function startAtTerminal(url: string, then: string, options: Pick<TalkerOptions, "env"> = {}): Talker {
  const words = ["stty cols 40 rows 24;", ...program(), url, `; code=$?; ${then}; exit $code`].join(" ");
  return startTalker([], { ...options, command: ["script", "-qec", words, "/dev/null"] });
}

export const test = base.extend<{
  startTalker: typeof startTalker;
  startAtTerminal: typeof startAtTerminal;
  /** Starts a server that sends things that no replica would; resolves with its address. */
  startServer: (answers: Answers) => Promise<string>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  startServer: async ({}, use) => {
    const servers: Awaited<ReturnType<typeof startMadeUpServer>>[] = [];
    await use(async (answers) => {
      const server = await startMadeUpServer(answers);
      servers.push(server);
      return server.url;
    });
    for (const server of servers) await server.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  startTalker: async ({}, use) => {
    const talkers: Talker[] = [];
    await use((...given) => {
      const talker = startTalker(...given);
      talkers.push(talker);
      return talker;
    });
    for (const talker of talkers) talker.signal("SIGKILL");
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  startAtTerminal: async ({}, use) => {
    const talkers: Talker[] = [];
    await use((...given) => {
      const talker = startAtTerminal(...given);
      talkers.push(talker);
      return talker;
    });
    for (const talker of talkers) talker.signal("SIGTERM");
  },
});

export { expect } from "./fixtures";
