import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import type { Writable } from "node:stream";

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = {
  pid: number;
  /** All its output so far, standard output and error together. */
  output(): string;
  /** Its output so far on one of the two. */
  written(stream: "stdout" | "stderr"): string;
  /** For a child that was started with `input: "pipe"`. */
  input: Writable | null;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Sends a message to a child that was started with `answers`, and resolves with its next one. */
  ask(message: object): Promise<unknown>;
  exit: Promise<Exit>;
};

const running = new Set<ChildProcess>();
// A runner that ends without cleanup must not leave its children behind.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a process that ends when this one does. */
export function startChild(
  command: string,
  args: string[],
  {
    input = "ignore",
    answers = false,
    ...options
  }: Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid"> & { input?: "ignore" | "pipe"; answers?: boolean },
): Child {
  const child = spawn(command, args, { ...options, stdio: [input, "pipe", "pipe", answers ? "ipc" : null] });
  running.add(child);
  let output = "";
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text) => {
      output += text;
      written[name] += text;
    });
  // The child may end before it has read all its input.
  child.stdin?.on("error", () => undefined);
  const exit = new Promise<Exit>((resolve) => {
    child.once("error", (error) => {
      output += String(error);
      running.delete(child);
      resolve({ code: null, signal: null });
    });
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    written: (stream) => written[stream],
    input: child.stdin,
    isRunning: () => running.has(child),
    signal: (signal) => void child.kill(signal),
    ask: (message) =>
      new Promise((resolve, reject) => {
        child.once("message", resolve);
        void exit.then(() => reject(new Error(`the process has ended\n${output}`)));
        child.send(message, (error) => error && reject(error));
      }),
    exit,
  };
}
