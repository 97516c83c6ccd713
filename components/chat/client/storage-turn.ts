import type { World } from "./world";

/** What a tab writes has reached the others after this time, on a busy machine too. */
const travelMs = 100;
/** A tab that was closed in its turn stands in the others' way for so long. */
const leaseMs = 10_000;
const tries = leaseMs / travelMs;

/**
 * Runs `act` while no other tab runs one under the same name, by what tabs write into the storage that they share: each writes
 * its mark over what lapsed, and the one whose mark still stands when all have arrived has its turn. For plain http, where a
 * browser has no locks.
 */
export async function takeTurn(world: World, name: string, act: () => Promise<void>): Promise<void> {
  const { local } = world;
  const mark = world.newId();
  const pause = () => new Promise<void>((resolve) => void world.after(travelMs, resolve));
  const holder = (): string | undefined => {
    const [by, until] = local.get(name)?.split(" ") ?? [];
    return Number(until) > world.now() ? by : undefined;
  };
  for (let left = tries; left > 0 && holder() !== mark; left -= 1) {
    if (!holder()) local.set(name, `${mark} ${world.now() + leaseMs}`);
    await pause();
  }
  await act();
  if (holder() === mark) local.set(name, undefined);
}
