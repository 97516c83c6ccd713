import type { Environment } from "./environment";

/** A tab's write has reached the others after this time, even on a busy machine. */
const travelMs = 100;
/** A tab that is closed during its turn blocks the others for this long. */
const leaseMs = 10_000;
const tries = leaseMs / travelMs;

/**
 * Runs `act` while no other tab runs one under the same name; after `leaseMs` of waiting it runs anyway. Tabs write
 * claims into their shared storage: a tab writes its claim if no valid one stands, waits, and has its turn if its claim
 * still stands. For plain http, where browsers have no locks.
 */
export async function takeTurn(
  environment: Environment,
  name: string,
  act: () => Promise<void>,
): Promise<void> {
  const { local } = environment;
  const claim = environment.newId();
  const pause = () => new Promise<void>((resolve) => void environment.after(travelMs, resolve));
  const holder = (): string | undefined => {
    const [by, until] = local.get(name)?.split(" ") ?? [];
    return Number(until) > environment.now() ? by : undefined;
  };
  for (let left = tries; left > 0 && holder() !== claim; left -= 1) {
    if (!holder()) local.set(name, `${claim} ${environment.now() + leaseMs}`);
    await pause();
  }
  await act();
  if (holder() === claim) local.set(name, undefined);
}
