import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../tests/support/until";
import type { Deployment } from "./deployment";
import { dialects, isOurs } from "./dialects";
import type { LatencyCounts } from "./latency-counts";
import { Member } from "./member";
import { type Reading, Readings } from "./readings";
import { type Faults, Tally } from "./tally";

/** On each replica, this many members write in turns. */
const sendersEach = 50;
const textLength = 100;
const filler =
  "The yard is open to all who pass by, and all of them may sit down and talk for as long as they like. ";
/** A server that is at most this far behind still catches up. */
const backlogMs = 500;
const drainMs = 20_000;
/** One member makes all rooms, with this many commands at once. */
const roomsAtOnce = 20;
const mostTries = 10;
const retryMs = 500;
const silenceMs = 700;
const mostSilenceMs = 30_000;

export type Talk = {
  /** The number of its first message. */
  first: number;
  sent: number;
  deliveries: number;
  /** WebSocket frames with events, to all members together. */
  frames: number;
  seconds: number;
  /** Latencies to the members of the other replica, and to all members. */
  toOther: LatencyCounts;
  toAll: LatencyCounts;
  /** CPU time in milliseconds. */
  cpu: { servers: number; redis: number; client: number };
  /** Everything had arrived half a second after the last message, and the rate was kept. */
  isSustained: boolean;
};

type Place = [replica: 0 | 1, room: number];

/** Members on two replicas who talk and count the entries they receive. */
export class Audience {
  readonly members: Member[] = [];
  /** How many members have left, as the first member was told. */
  lefts = 0;
  /** Joins that were sent again. */
  retries = 0;
  private readonly tally: Tally;
  private readonly senders: Member[][] = [[], []];
  private readonly byRoom: Member[][];
  private readonly readings: Readings;
  private isClosing = false;
  private readonly opened = new Set<Member>();

  /** `capacity`: the most messages that will be sent. */
  constructor(
    private readonly deployment: Deployment,
    readonly rooms: readonly string[],
    capacity: number,
  ) {
    this.byRoom = rooms.map(() => []);
    this.tally = new Tally(capacity);
    this.readings = new Readings(dialects[deployment.name].isNumbered);
  }

  /** Makes the rooms, on servers where a room must be made before it is joined. */
  async makeRooms(): Promise<void> {
    if (!isOurs(this.deployment.name)) return;
    const maker = this.member(0, 0);
    await maker.open();
    const make = (room: string) =>
      maker.ask((id) => `42${id}${JSON.stringify(["room:create", { room, title: room }])}`);
    for (let at = 0; at < this.rooms.length; at += roomsAtOnce)
      await Promise.all(this.rooms.slice(at, at + roomsAtOnce).map(make));
    maker.close();
  }

  /** Connects a member and takes it into a room. It talks and counts from then on. */
  async admit(replica: 0 | 1, room: number): Promise<void> {
    const member = await this.enter(replica, room);
    this.tally.seat(member);
    this.members.push(member);
    this.byRoom[room]?.push(member);
    this.senders[replica]?.push(member);
  }

  /** Connects a member that neither talks nor counts. */
  async enter(replica: 0 | 1, room: number): Promise<Member> {
    const member = this.member(replica, room);
    this.opened.add(member);
    await member.open();
    await this.join(member, this.rooms[room] ?? "");
    return member;
  }

  /** Brings a member that has lost its replica back into its room, over another replica. */
  async returnTo(replica: 0 | 1, member: Member): Promise<void> {
    await member.comeBack(replica);
    await this.join(member, this.rooms[member.room] ?? "");
  }

  /** Admits members, `atOnce` at a time; `place` says where each one goes. */
  async admitAll(count: number, place: (number: number) => Place, atOnce = 40): Promise<void> {
    let next = 0;
    const admitNext = async (): Promise<void> => {
      while (next < count) await this.admit(...place(next++));
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, admitNext));
  }

  /** Members enter the rooms in turns, and leave again. */
  async visits(count: number, atOnce: number): Promise<void> {
    let next = 0;
    const visit = async (): Promise<void> => {
      while (next < count) {
        const number = next++;
        const room = number % this.rooms.length;
        const guest = await this.enter((number % 2) as 0 | 1, room);
        await guest.ask((id) => `42${id}${JSON.stringify(["room:leave", { room: this.rooms[room] }])}`);
        guest.close();
        this.opened.delete(guest);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, visit));
  }

  /** Waits until no event has come for a while. */
  async settle(quietMs = silenceMs): Promise<void> {
    this.tally.lastHeardAt = performance.now();
    const isQuiet = () => performance.now() - this.tally.lastHeardAt > quietMs;
    await until("silence", isQuiet, mostSilenceMs).catch(() => undefined);
  }

  /**
   * Talks at a steady pace, first for `warmUp` seconds that do not count, then waits up to 20 s until all is delivered.
   * The pace does not wait for answers. Ends early when `isOver` returns true.
   */
  async talk(rate: number, seconds: number, warmUp = 0, isOver = () => false): Promise<Talk> {
    if (warmUp > 0) {
      await this.say(rate, warmUp);
      await this.tally.drained(drainMs);
    }
    const window = this.tally.begin();
    const framesBefore = this.frames();
    const before = await this.deployment.cpu();
    const clientBefore = process.cpuUsage();
    const startedAt = performance.now();
    await this.say(rate, seconds, isOver);
    const saidMs = performance.now() - startedAt;
    const isOnTime = await this.tally.drained(backlogMs);
    const isDrained = isOnTime || (await this.tally.drained(drainMs));
    const after = await this.deployment.cpu();
    const client = process.cpuUsage(clientBefore);
    this.tally.end();
    if (isDrained) await this.tally.allAnswered();
    return {
      ...window,
      sent: this.tally.count - window.first,
      frames: this.frames() - framesBefore,
      seconds: (performance.now() - startedAt) / 1_000,
      cpu: {
        servers: after.servers - before.servers,
        redis: after.redis - before.redis,
        client: (client.user + client.system) / 1_000,
      },
      isSustained: isOnTime && saidMs < seconds * 1_030 + 50,
    };
  }

  /** Stops waiting for the messages of a talk that the servers could not keep up with. */
  abandon({ first }: Talk): void {
    this.tally.abandon(first);
  }

  judge(): Faults {
    return this.tally.judge(this.members);
  }

  /** Drops the members of a replica that is about to be killed. */
  forsake(replica: 0 | 1): void {
    for (const member of this.opened) if (member.replica === replica) member.isClosed = true;
    const isLeft = (member: Member) => member.replica !== replica;
    this.members.splice(0, this.members.length, ...this.members.filter(isLeft));
    for (const [room, members] of this.byRoom.entries()) this.byRoom[room] = members.filter(isLeft);
    this.senders[replica] = [];
  }

  /** WebSocket frames with events that all members together have received. */
  frames(): number {
    return this.members.reduce((sum, { frames }) => sum + frames, 0);
  }

  close(): void {
    this.isClosing = true;
    for (const member of this.opened) member.close();
  }

  private member(replica: 0 | 1, room: number): Member {
    const { name, ports } = this.deployment;
    return new Member({
      dialect: dialects[name],
      readings: this.readings,
      hears: {
        appended: (member, reading, now) => this.appended(member, reading, now),
        answered: (message, isOk) => this.tally.answered(message, isOk),
        closed: (member) => {
          if (!this.isClosing && !member.isClosed) this.tally.faults.closed += 1;
        },
      },
      ports,
      replica,
      room,
    });
  }

  /** Asks again when a busy server says that it may, as a client does. */
  private async join(member: Member, room: string): Promise<void> {
    for (let tries = 1; ; tries += 1)
      try {
        return await member.join(room);
      } catch (error) {
        if (tries === mostTries || !String(error).includes('"retryable":true')) throw error;
        this.retries += 1;
        await pause(retryMs);
      }
  }

  private appended(member: Member, reading: Reading, now: number): void {
    if (member === this.members[0]) this.lefts += reading.left;
    this.tally.appended(member, reading, now);
  }

  private async say(rate: number, seconds: number, isOver = () => false): Promise<void> {
    const startedAt = performance.now();
    const total = Math.round(rate * seconds);
    for (let said = 0; said < total && !isOver(); ) {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) * rate) / 1_000) + 1);
      for (; said < due; said += 1) this.sayNext();
      await pause(Math.max(0, startedAt + (said * 1_000) / rate - performance.now()));
    }
  }

  private sayNext(): void {
    const number = this.tally.count;
    const { speaker, sender } = this.rooms.length === 1 ? this.speakerOf(number) : this.speakerInRoom(number);
    const { room, replica } = speaker;
    const text = `#${String(number).padStart(7, "0")} ${filler}`.slice(0, textLength);
    const missing = this.byRoom[room]?.length ?? 0;
    this.tally.add({ room, missing, sender, replica, sentAt: performance.now() });
    speaker.say(this.rooms[room] ?? "", text, number);
  }

  /** Takes speakers from the two replicas in turns. */
  private speakerOf(number: number): { speaker: Member; sender: number } {
    const lists = this.senders.filter((list) => list.length > 0);
    const turn = number % lists.length;
    const list = lists[turn] ?? [];
    const place = Math.floor(number / lists.length) % Math.min(sendersEach, list.length);
    return { speaker: list[place] as Member, sender: 2 * place + turn };
  }

  private speakerInRoom(number: number): { speaker: Member; sender: number } {
    const room = number % this.rooms.length;
    const members = this.byRoom[room] ?? [];
    const sender = Math.floor(number / this.rooms.length) % members.length;
    return { speaker: members[sender] as Member, sender };
  }
}
