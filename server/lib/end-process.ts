/** Ends a process that cannot serve, and says why on standard error, where the log may not come in time. */
export function endProcess(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
