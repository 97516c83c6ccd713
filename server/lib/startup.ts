/**
 * What server/before-next.mjs does while the production server starts, until the chat takes over. Absent in `next dev`.
 */
type Startup = {
  /** Until then SIGTERM and SIGINT end the process at once; from then on they call the handler. */
  handleSignals(handler: (signal: NodeJS.Signals) => void): void;
  /** Until then an upgrade of the chat's path is answered with 503. */
  admitUpgrades(): void;
};

export const startup = (): Startup | undefined =>
  (globalThis as unknown as Record<symbol, Startup | undefined>)[Symbol.for("madang.startup")];
