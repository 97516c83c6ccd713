import net from "node:net";

type Target = { port: number; host?: string };
/** `isLost`: no bytes pass in either direction. `isDeaf`: no bytes return to the near end. */
type Link = { near: net.Socket; far: net.Socket; target: number; isLost: boolean; isDeaf: boolean };

/**
 * A small TCP load balancer that can also fail: it spreads connections over its targets in turn, skips dead ones, and
 * can cut, stall and swallow traffic. It does not read the bytes, so it fits between any two parts.
 */
export class TcpFront {
  private readonly server = net.createServer((near) => this.accept(near));
  private readonly links = new Set<Link>();
  /** Connections that reached a black hole: they wait forever. */
  private readonly swallowed = new Set<net.Socket>();
  private targets: Required<Target>[] = [];
  private turn = 0;
  private pinned: number | undefined;
  private mode: "pass" | "stall" | "blackHole" = "pass";
  /** The delay in each direction, for connections made after it was set. */
  lagMs = 0;
  /** The throughput from a target to its client, for connections made after it was set. */
  bytesPerSecond = Number.POSITIVE_INFINITY;

  static async start(targets: (Target | number)[]): Promise<TcpFront> {
    const front = new TcpFront();
    for (const target of targets) front.add(target);
    await new Promise<void>((resolve) => front.server.listen(0, "127.0.0.1", resolve));
    return front;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("the front does not listen");
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** How many connections pass through, to one target or to all. */
  linkCount(target?: number): number {
    return [...this.links].filter((link) => target === undefined || link.target === target).length;
  }

  add(target: Target | number): void {
    const { port, host = "127.0.0.1" } = typeof target === "number" ? { port: target } : target;
    this.targets.push({ port, host });
  }

  /** New connections go elsewhere; existing ones stay. */
  remove(target: number): void {
    this.targets = this.targets.filter(({ port }) => port !== target);
  }

  /** Sends the next connection to this target, if it lives. */
  pinNext(target: number): void {
    this.pinned = target;
  }

  /** Resets the connections to one target, or to all. */
  cut(target?: number): void {
    for (const link of this.links) if (target === undefined || link.target === target) this.drop(link);
  }

  /** Holds everything back until `heal`. */
  stall(): void {
    this.mode = "stall";
    for (const { near, far } of this.links) {
      near.pause();
      far.pause();
    }
  }

  /** Accepts connections and bytes, but does not pass them on. */
  blackHole(): void {
    this.mode = "blackHole";
    for (const link of this.links) link.isLost = true;
  }

  /** Swallows the bytes of one link; `port` is the local port from which the front reached its target. */
  lose(port: number): void {
    for (const link of this.links) if (link.far.localPort === port) link.isLost = true;
  }

  /** Passes bytes from the near ends, but none back to them, for existing connections. */
  deafen(): void {
    for (const link of this.links) link.isDeaf = true;
  }

  /** Passes bytes again. Connections that lost bytes cannot go on, so it cuts them. */
  heal(): void {
    this.mode = "pass";
    for (const socket of this.swallowed) socket.resetAndDestroy();
    for (const link of this.links) {
      if (link.isLost || link.isDeaf) this.drop(link);
      link.near.resume();
      link.far.resume();
    }
  }

  async close(): Promise<void> {
    this.cut();
    for (const socket of this.swallowed) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(near: net.Socket): void {
    near.on("error", () => undefined); // "close" follows, and is handled.
    if (this.mode === "blackHole") {
      this.swallowed.add(near);
      near.resume().once("close", () => this.swallowed.delete(near));
      return;
    }
    const pinned = this.targets.findIndex(({ port }) => port === this.pinned);
    this.pinned = undefined;
    const first = pinned === -1 ? this.turn++ : pinned;
    this.dial(near, first, this.targets.length);
  }

  /** Tries the targets in turn, from the given one, until one accepts the connection. */
  private dial(near: net.Socket, turn: number, tries: number): void {
    const target = this.targets[turn % this.targets.length];
    if (tries === 0 || target === undefined) {
      near.resetAndDestroy();
      return;
    }
    const far = net.connect(target.port, target.host);
    const onRefused = () => this.dial(near, turn + 1, tries - 1);
    far.once("error", onRefused);
    far.once("connect", () => {
      far.off("error", onRefused);
      far.on("error", () => undefined);
      this.join({ near, far, target: target.port, isLost: this.mode === "blackHole", isDeaf: false });
    });
  }

  private join(link: Link): void {
    const { near, far } = link;
    if (near.destroyed) {
      far.destroy();
      return;
    }
    this.links.add(link);
    const { lagMs, bytesPerSecond } = this;
    const travel = (arrive: () => void) => (lagMs === 0 ? arrive() : setTimeout(arrive, lagMs));
    near.setNoDelay();
    far.setNoDelay();
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (bytes) => {
        if (from === far && bytesPerSecond < Number.POSITIVE_INFINITY) {
          from.pause();
          setTimeout(() => this.mode !== "stall" && from.resume(), (bytes.length * 1_000) / bytesPerSecond);
        }
        travel(() => {
          const isSwallowed = link.isLost || (link.isDeaf && to === near);
          if (isSwallowed || to.destroyed || to.write(bytes)) return;
          from.pause();
          to.once("drain", () => this.mode !== "stall" && from.resume());
        });
      });
      from.once("end", () => travel(() => !link.isLost && !(link.isDeaf && to === near) && to.end()));
      from.once("close", () => {
        // Through a black hole neither end learns that the other has closed; `heal` cuts such connections.
        if (link.isLost || (link.isDeaf && to === near)) return;
        this.links.delete(link);
        travel(() => to.destroy());
      });
    }
    if (this.mode === "stall") this.stall();
  }

  private drop(link: Link): void {
    this.links.delete(link);
    link.near.resetAndDestroy();
    link.far.resetAndDestroy();
  }
}
