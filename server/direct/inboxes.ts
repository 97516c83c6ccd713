import type { Conversation, VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import { viewOf } from "./conversation-view";
import { Desk, type DeskWorld, type Device } from "./inbox";

/** A lost call, or a killed replica, is noticed after at most this time. */
const compareMs = 5_000;
/** A visitor without conversations follows nothing; its first conversation is noticed after at most this time. */
const newcomersMs = 500;

/** The desks of the visitors with connections on this replica; also says which visitors are online. */
export class Desks {
  private readonly desks = new Map<VisitorId, Desk>();
  /** Visitors whose last connection has gone, and who may be back in a moment. */
  private readonly leaving = new Map<VisitorId, () => void>();
  private readonly stops: (() => void)[];
  private upTo: string | undefined;
  private isAsking = false;
  private isComparing = false;

  constructor(private readonly world: DeskWorld & { clock: Clock }) {
    const { clock, attendance } = world;
    attendance.onReturn(() => this.reviewAll());
    this.stops = [
      clock.every(compareMs, () => void this.compare()),
      clock.every(newcomersMs, () => void this.welcomeNewcomers()),
    ];
  }

  /** Returns a function that removes the connection, with the grace that its visitor has to come back. */
  arrive(visitor: VisitorId, device: Device): (graceMs: number) => void {
    const desk = this.desks.get(visitor) ?? this.open(visitor);
    desk.devices.add(device);
    return (graceMs) => {
      desk.devices.delete(device);
      if (desk.devices.size === 0) this.leave(visitor, desk, graceMs);
    };
  }

  /** The visitor's conversations, the last active first. Changes included in this list are not told again. */
  async list(visitor: VisitorId): Promise<Conversation[]> {
    const desk = this.desks.get(visitor);
    if (desk !== undefined) return desk.review();
    return (await viewOf(this.world, visitor)).seen.map(({ conversation }) => conversation);
  }

  async close(): Promise<void> {
    for (const stop of [...this.stops, ...this.leaving.values()]) stop();
    for (const desk of this.desks.values()) desk.end();
    this.desks.clear();
    await this.world.attendance.close();
  }

  private open(visitor: VisitorId): Desk {
    const desk = new Desk(visitor, this.world);
    this.desks.set(visitor, desk);
    const stopLeaving = this.leaving.get(visitor);
    stopLeaving?.();
    if (!this.leaving.delete(visitor)) void this.tellPresence(visitor, "arrive");
    desk.reviewSoon();
    return desk;
  }

  private leave(visitor: VisitorId, desk: Desk, graceMs: number): void {
    if (this.desks.get(visitor) !== desk) return;
    this.desks.delete(visitor);
    desk.end();
    const stop = this.world.clock.after(graceMs, () => {
      this.leaving.delete(visitor);
      void this.tellPresence(visitor, "depart");
    });
    this.leaving.set(visitor, stop);
  }

  /** A partner that this call does not reach notices on the next comparison. */
  private async tellPresence(visitor: VisitorId, step: "arrive" | "depart"): Promise<void> {
    const { attendance, index, logger } = this.world;
    await attendance[step](visitor);
    try {
      const partners = (await index.acquaintances(visitor)).map(({ partner }) => partner);
      await attendance.call(partners, { about: "presence", of: visitor });
    } catch (error) {
      logger.debug({ err: error }, "could not announce who is online");
    }
  }

  private reviewAll(): void {
    for (const desk of this.desks.values()) desk.reviewSoon();
  }

  private async welcomeNewcomers(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      const before = this.upTo;
      const { upTo, visitors } = await this.world.index.newcomers(before);
      this.upTo = upTo;
      if (before === undefined) this.reviewAll();
      for (const visitor of visitors) this.desks.get(visitor)?.reviewSoon();
    } catch (error) {
      this.world.logger.debug(
        { err: error },
        "could not read which visitors got a conversation; trying again",
      );
    } finally {
      this.isAsking = false;
    }
  }

  private async compare(): Promise<void> {
    if (this.isComparing) return;
    this.isComparing = true;
    try {
      await this.compareVersions();
      await this.comparePresences();
    } catch (error) {
      this.world.logger.debug({ err: error }, "could not compare conversations; trying again");
    } finally {
      this.isComparing = false;
    }
  }

  private async compareVersions(): Promise<void> {
    const desks = [...this.desks];
    for (const [, desk] of desks) if (!desk.isFollowed && desk.isBehind("")) desk.reviewSoon();
    const followed = desks.filter(([, desk]) => desk.isFollowed);
    if (followed.length === 0) return;
    const versions = await this.world.index.versions(followed.map(([visitor]) => visitor));
    for (const [place, [, desk]] of followed.entries())
      if (desk.isBehind(versions[place] ?? "")) desk.reviewSoon();
  }

  private async comparePresences(): Promise<void> {
    const known = [...this.desks.values()].map((desk) => ({ desk, presences: desk.presences() }));
    const partners = [...new Set(known.flatMap(({ presences }) => presences.map(({ partner }) => partner)))];
    if (partners.length === 0) return;
    const here = await this.world.attendance.areHere(partners);
    const isHereNow = new Map(partners.map((partner, place) => [partner, here[place]]));
    for (const { desk, presences } of known) {
      const others = presences.filter(({ partner, isHere }) => isHereNow.get(partner) !== isHere);
      desk.hear(others.map(({ partner }) => partner));
    }
  }
}
