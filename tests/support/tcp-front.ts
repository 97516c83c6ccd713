import net from "node:net";

type Target = { port: number; host?: string };
/** `isLost`: nothing passes, either way. `isDeaf`: nothing comes back to the near end. */
type Link = { near: net.Socket; far: net.Socket; target: number; isLost: boolean; isDeaf: boolean };

/**
 * A small TCP load balancer that can also fail: it spreads connections over its targets in turn, skips the dead, and
 * can cut, stall and swallow what passes. It knows nothing of what it carries, so it fits between any two parts.
 */
export class TcpFront {
  private readonly server = net.createServer((near) => this.accept(near));
  private readonly links = new Set<Link>();
  /** Connections that a black hole took: they wait for ever. */
  private readonly swallowed = new Set<net.Socket>();
  private targets: Required<Target>[] = [];
  private turn = 0;
  private pinned: number | undefined;
  private mode: "pass" | "stall" | "blackHole" = "pass";
  /** How long everything is under way, each way; for connections that are made after it was set. */
  lagMs = 0;
  /** How much passes from a target to its client; for connections that are made after it was set. */
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

  /** New connections go elsewhere; those that are there stay. */
  remove(target: number): void {
    this.targets = this.targets.filter(({ port }) => port !== target);
  }

  /** The next connection goes to this target, if it lives. */
  pinNext(target: number): void {
    this.pinned = target;
  }

  /** Ends the connections to one target, or all, without a goodbye. */
  cut(target?: number): void {
    for (const link of this.links) if (target === undefined || link.target === target) this.drop(link);
  }

  /** Nothing passes any more; what is sent meanwhile arrives after `heal`. */
  stall(): void {
    this.mode = "stall";
    for (const { near, far } of this.links) {
      near.pause();
      far.pause();
    }
  }

  /** Takes connections and bytes, and passes nothing on. */
  blackHole(): void {
    this.mode = "blackHole";
    for (const link of this.links) link.isLost = true;
  }

  /** Takes what comes over one link and passes nothing on; `port` is the one from which the front dialled its target. */
  lose(port: number): void {
    for (const link of this.links) if (link.far.localPort === port) link.isLost = true;
  }

  /** What comes from the near ends arrives, and nothing comes back to them; for the connections that are there. */
  deafen(): void {
    for (const link of this.links) link.isDeaf = true;
  }

  /** Passes again. Connections that lost bytes cannot go on: they are cut. */
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
    near.on("error", () => undefined); // Its close follows, and is all that matters.
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

  /** Tries the targets in turn, from the one given, until one takes the connection. */
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
        // Neither end hears of the other through a black hole; `heal` cuts what is left.
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
