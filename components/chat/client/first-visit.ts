import type { Environment } from "./environment";

const name = "madang:first-visit";

/** Tabs that open at once without a token connect one after another, so that they become the same visitor. */
export const inTurn = (environment: Environment, act: () => Promise<void>): Promise<void> =>
  environment.alone(name, act, () =>
    import("./storage-turn").then(({ takeTurn }) => takeTurn(environment, name, act), act),
  );
