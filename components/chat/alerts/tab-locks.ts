/** A name that this tab holds, or waits for, among all tabs of this browser; whoever closes or crashes holds nothing. */
export type Hold = { isHeld(): boolean; release(): void };

/** Over plain http there are no locks: then each tab is by itself. */
const locks = (): LockManager | undefined => navigator.locks;

export function hold(name: string, mode: LockMode): Hold {
  const manager = locks();
  let isHeld = manager === undefined;
  let release: () => void = () => {};
  const waiting = new AbortController();
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const take = () => {
    isHeld = true;
    return released;
  };
  // It rejects when it is released before it has been got.
  manager?.request(name, { mode, signal: waiting.signal }, take).catch(() => {});
  return {
    isHeld: () => isHeld,
    release() {
      isHeld = false;
      waiting.abort();
      release();
    },
  };
}

export async function isHeldAnywhere(name: string): Promise<boolean> {
  const { held = [] } = (await locks()?.query()) ?? {};
  return held.some((lock) => lock.name === name);
}
