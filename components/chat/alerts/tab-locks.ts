/** A lock among this browser's tabs that this tab holds, or waits for; a tab that closes or crashes releases it. */
export type TabLock = { isHeld(): boolean; release(): void };

/** Undefined over plain http: then each tab acts on its own. */
const locks = (): LockManager | undefined => navigator.locks;

export function acquireLock(name: string, mode: LockMode): TabLock {
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
  // Rejects when it is released before it was granted.
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
