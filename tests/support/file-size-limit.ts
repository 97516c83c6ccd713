import { execFileSync } from "node:child_process";

/** Stops the process's files from growing beyond this, as a full disk would. */
export const limitFiles = (pid: number, bytes: number | "unlimited") =>
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
