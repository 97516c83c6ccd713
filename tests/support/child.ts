import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = {
  pid: number;
  /** Everything it has written so far, standard output and error together. */
  output(): string;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  exit: Promise<Exit>;
};

const running = new Set<ChildProcess>();
// A runner that ends without its cleanup must not leave its children behind.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a process that lives no longer than this one. */
export function startChild(
  command: string,
  args: string[],
  options: Pick<SpawnOptions, "cwd" | "env">,
): Child {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text) => (output += text));
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
    isRunning: () => running.has(child),
    signal: (signal) => void child.kill(signal),
    exit,
  };
}
