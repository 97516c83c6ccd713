import type { Cancel } from "./world";

export type KeptState<State> = {
  getState(): State;
  subscribe(listener: () => void): Cancel;
  change(news: Partial<State>): void;
};

/** A state that calls its listeners at once on every change. */
export function keepState<State extends object>(first: State): KeptState<State> {
  const listeners = new Set<() => void>();
  let state = first;
  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(news) {
      state = { ...state, ...news };
      for (const listener of listeners) listener();
    },
  };
}
