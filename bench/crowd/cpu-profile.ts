import { once } from "node:events";
import type { Profiler } from "node:inspector";
import { WebSocket } from "ws";
import { until } from "../../tests/support/until";

const everyMicroseconds = 500;

/** The NODE_OPTIONS of a process that is to be profiled. */
export const inspectable = "--inspect=127.0.0.1:0";

/** The profiler of another process, over the inspector's protocol. */
export class CpuProfiler {
  private nextId = 1;

  private constructor(private readonly socket: WebSocket) {}

  /** `output` is what the process has printed so far, the inspector's address included. */
  static async attach(output: () => string): Promise<CpuProfiler> {
    const url = await until("the inspector", () => /ws:\/\/\S+/.exec(output())?.[0]);
    const socket = new WebSocket(url, { maxPayload: 0 });
    await once(socket, "open");
    const profiler = new CpuProfiler(socket);
    await profiler.ask("Profiler.enable");
    await profiler.ask("Profiler.setSamplingInterval", { interval: everyMicroseconds });
    return profiler;
  }

  /** Profiles the process while `act` runs. */
  async during(act: () => Promise<unknown>): Promise<Profiler.Profile> {
    await this.ask("Profiler.start");
    await act();
    return ((await this.ask("Profiler.stop")) as { profile: Profiler.Profile }).profile;
  }

  close(): void {
    this.socket.terminate();
  }

  private ask(method: string, params: object = {}): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      const listen = (bytes: Buffer) => {
        const answer = JSON.parse(bytes.toString()) as { id?: number; result?: unknown };
        if (answer.id !== id) return;
        this.socket.off("message", listen);
        resolve(answer.result);
      };
      this.socket.on("message", listen);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
