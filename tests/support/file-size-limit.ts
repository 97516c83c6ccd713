import { execFileSync } from "node:child_process";

/** Lets no file of the process grow beyond this, as a full disk does. */
export const limitFiles = (pid: number, bytes: number | "unlimited") =>
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
