/**
 * Replaces @socket.io/component-emitter in the browser's bundle (next.config.js), with the methods that the socket
 * library calls.
 */

type Listener = (...args: unknown[]) => void;

export class Emitter {
  private listening: Record<string, Listener[]> = {};

  on(event: string, listener: Listener): this {
    this.listening[event] = [...(this.listening[event] ?? []), listener];
    return this;
  }

  once(event: string, listener: Listener): this {
    const once = (...args: unknown[]) => {
      this.off(event, once);
      listener(...args);
    };
    return this.on(event, once);
  }

  off(event: string, listener: Listener): this {
    this.listening[event] = this.listening[event]?.filter((other) => other !== listener) ?? [];
    return this;
  }

  /** Without an event: of all events. */
  removeAllListeners(event?: string): this {
    if (event) delete this.listening[event];
    else this.listening = {};
    return this;
  }

  emit(event: string, ...args: unknown[]): this {
    return this.emitReserved(event, ...args);
  }

  /** The library's own events: its socket's `emit` sends to the server. */
  emitReserved(event: string, ...args: unknown[]): this {
    for (const listener of this.listening[event] ?? []) listener(...args);
    return this;
  }
}
