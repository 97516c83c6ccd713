import { alertSettings, isAlerting } from "../alerts/alert-settings";
import type { Cancel, Environment, PageMoment } from "./environment";
import { localStore, sessionStore, watchStorage } from "./storage";

export const uptimeMs = (): number => performance.now();

/** 96 random bits: `crypto.randomUUID` is missing on a plain-http address of the local network. */
const newId = (): string => crypto.getRandomValues(new Uint32Array(3)).join("-");

function watchPage(listener: (moment: PageMoment) => void): Cancel {
  const watching = new AbortController();
  const options = { signal: watching.signal };
  window.addEventListener("online", () => listener("online"), options);
  window.addEventListener("offline", () => listener("offline"), options);
  window.addEventListener("pageshow", ({ persisted }) => persisted && listener("shown"), options);
  document.addEventListener(
    "visibilitychange",
    () => listener(document.visibilityState === "visible" ? "shown" : "hidden"),
    options,
  );
  return () => watching.abort();
}

/**
 * A tab that hangs must not block the others: after this time they act without the lock. Acting twice is safe, only
 * slower.
 */
const lockMs = 10_000;

/** Does what `AbortSignal.timeout` does, which browsers before 2024 may lack. */
function endsAfter(ms: number): AbortSignal {
  const asking = new AbortController();
  setTimeout(() => asking.abort(), ms);
  return asking.signal;
}

/** Undefined over plain http. */
const locks = (): LockManager | undefined => navigator.locks;

export const browserEnvironment = (loadSockets: Environment["loadSockets"]): Environment => ({
  now: Date.now,
  uptimeMs,
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  newId,
  local: localStore,
  session: sessionStore,
  watchTabs: (prefix, listener) =>
    watchStorage(({ key, newValue }) => key?.startsWith(prefix) && listener(key, newValue ?? undefined)),
  alone: (name, act, without = act) =>
    // Rejects when the lock was not granted in time, or locks are forbidden (storage is then forbidden as well).
    locks()
      ?.request(name, { signal: endsAfter(lockMs) }, act)
      .catch(act) ?? without(),
  watchPage,
  wantsAlerts: () => isAlerting(alertSettings.get()),
  prove: (challenge) => import("./proving").then(({ prove }) => prove(challenge)),
  loadSockets,
});
