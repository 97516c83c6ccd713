import type { Cancel } from "./environment";

export type Observable<State> = {
  getState(): State;
  subscribe(listener: () => void): Cancel;
  change(patch: Partial<State>): void;
};

/** A state that calls its listeners at once on every change. */
export function createObservable<State extends object>(first: State): Observable<State> {
  const listeners = new Set<() => void>();
  let state = first;
  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(patch) {
      state = { ...state, ...patch };
      for (const listener of listeners) listener();
    },
  };
}
