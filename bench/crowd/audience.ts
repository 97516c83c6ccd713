import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../tests/support/until";
import type { Deployment } from "./deployment";
import { dialects } from "./dialects";
import { LatencyCounts } from "./latency-counts";
import { Member } from "./member";
import { type Reading, Readings } from "./readings";

/** So many members of each replica write in turns. */
const sendersEach = 50;
const textLength = 100;
const filler =
  "The yard is open to all who pass by, and all of them may sit down and talk for as long as they like. ";
/** A server that falls behind by no more catches up by itself. */
const backlogMs = 500;
const drainMs = 20_000;

/** What went wrong with deliveries; all of it must be 0. */
export type Faults = {
  lost: number;
  doubled: number;
  disordered: number;
  refused: number;
  unanswered: number;
  closed: number;
};

export type Talk = {
  sent: number;
  deliveries: number;
  seconds: number;
  /** Milliseconds to the members of the other replica, and to all. */
  toOther: LatencyCounts;
  toAll: LatencyCounts;
  /** CPU time in milliseconds. */
  cpu: { servers: number; redis: number; client: number };
  /** Whether everything had arrived half a second after the last message, and the rate was kept. */
  isSustained: boolean;
};

type Audible = { room: number; members: number; sender: number; replica: 0 | 1; sentAt: number };
type Window = { first: number; toOther: LatencyCounts; toAll: LatencyCounts; deliveries: number };

/** Members of two replicas who talk and count what they are given. */
export class Audience {
  readonly members: Member[] = [];
  readonly faults: Faults = { lost: 0, doubled: 0, disordered: 0, refused: 0, unanswered: 0, closed: 0 };
  /** Leaves that each member was told of, as the last one to hear counts them. */
  lefts = 0;
  private readonly sent: Audible[] = [];
  private readonly senders: Member[][] = [[], []];
  private readonly byRoom: Member[][];
  private readonly readings: Readings;
  private outstanding = 0;
  private unanswered = 0;
  private lastHeardAt = performance.now();
  private window: Window | undefined;
  private isClosing = false;
  private readonly opened = new Set<Member>();

  constructor(
    private readonly deployment: Deployment,
    readonly rooms: readonly string[],
    private readonly capacity: number,
  ) {
    this.byRoom = rooms.map(() => []);
    this.readings = new Readings(dialects[deployment.name].isNumbered);
  }

  /** Makes the rooms, where a server wants that. */
  async makeRooms(): Promise<void> {
    if (this.deployment.name !== "ours") return;
    const maker = this.member(0, 0);
    await maker.open();
    const make = (room: string) =>
      maker.ask((id) => `42${id}${JSON.stringify(["room:create", { room, title: room }])}`);
    const missing = this.rooms.filter((room) => room !== "lobby");
    for (let at = 0; at < missing.length; at += 20) await Promise.all(missing.slice(at, at + 20).map(make));
    maker.close();
  }

  /** Connects a member and takes it into a room. It talks and counts from then on. */
  async admit(replica: 0 | 1, room: number): Promise<void> {
    this.seat(await this.enter(replica, room));
  }

  /** Connects a member that neither talks nor counts. */
  async enter(replica: 0 | 1, room: number): Promise<Member> {
    const member = this.member(replica, room);
    this.opened.add(member);
    await member.open();
    await member.join(this.rooms[room] ?? "");
    return member;
  }

  /** Admits members, so many at once; `place` names the replica and the room of each. */
  async admitAll(count: number, place: (number: number) => [0 | 1, number], atOnce = 40): Promise<void> {
    let next = 0;
    const admitNext = async (): Promise<void> => {
      while (next < count) await this.admit(...place(next++));
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, admitNext));
  }

  /** Members come into rooms in turns, and leave again. */
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

  /** Waits until nothing has come for a while. */
  async settle(quietMs = 700, mostMs = 30_000): Promise<void> {
    this.lastHeardAt = performance.now();
    await until("silence", () => performance.now() - this.lastHeardAt > quietMs, mostMs).catch(
      () => undefined,
    );
  }

  /**
   * Talks at a steady pace, first for `warmUp` seconds that do not count, and waits until all is delivered, or 20 s.
   * The pace does not wait for answers.
   */
  async talk(rate: number, seconds: number, warmUp = 0): Promise<Talk> {
    if (warmUp > 0) {
      await this.say(rate, warmUp);
      await this.drained(drainMs);
    }
    const window = {
      first: this.sent.length,
      toOther: new LatencyCounts(),
      toAll: new LatencyCounts(),
      deliveries: 0,
    };
    this.window = window;
    const before = await this.deployment.cpu();
    const clientBefore = process.cpuUsage();
    const startedAt = performance.now();
    await this.say(rate, seconds);
    const saidMs = performance.now() - startedAt;
    const isOnTime = await this.drained(backlogMs);
    const isDrained = isOnTime || (await this.drained(drainMs));
    const after = await this.deployment.cpu();
    const client = process.cpuUsage(clientBefore);
    this.window = undefined;
    const sent = this.sent.length - window.first;
    if (isDrained) await this.answered();
    return {
      sent,
      deliveries: window.deliveries,
      seconds: (performance.now() - startedAt) / 1_000,
      toOther: window.toOther,
      toAll: window.toAll,
      cpu: {
        servers: after.servers - before.servers,
        redis: after.redis - before.redis,
        client: (client.user + client.system) / 1_000,
      },
      isSustained: isOnTime && saidMs < seconds * 1_030 + 50,
    };
  }

  /** Messages that some member has not been given, all members together. */
  get missing(): number {
    return this.outstanding;
  }

  /** Counts what is missing as lost, once no more is expected. */
  judge(): Faults {
    this.faults.lost = 0;
    for (const member of this.members) {
      if (member.isClosed) continue;
      for (const [number, { room }] of this.sent.entries())
        if (room === member.room && member.seen[number] === 0) this.faults.lost += 1;
    }
    this.faults.unanswered = this.unanswered;
    return this.faults;
  }

  /** Drops the members of a replica that is about to be killed. */
  forsake(replica: 0 | 1): void {
    for (const member of this.opened) if (member.replica === replica) member.isClosed = true;
    const living = this.members.filter((member) => member.replica !== replica);
    this.members.splice(0, this.members.length, ...living);
    for (const [room, members] of this.byRoom.entries())
      this.byRoom[room] = members.filter((member) => member.replica !== replica);
    this.senders[replica] = [];
  }

  /** Frames that each member was given since it came, on average. */
  framesEach(): { withMessages: number; others: number } {
    const { length } = this.members;
    const sum = (of: (member: Member) => number) =>
      this.members.reduce((total, each) => total + of(each), 0) / length;
    return {
      withMessages: sum(({ frames }) => frames.withMessages),
      others: sum(({ frames }) => frames.others),
    };
  }

  resetFrames(): void {
    for (const member of this.members) member.frames = { withMessages: 0, others: 0 };
  }

  close(): void {
    this.isClosing = true;
    for (const member of this.opened) member.close();
  }

  private member(replica: 0 | 1, room: number): Member {
    const { name, servers } = this.deployment;
    return new Member({
      dialect: dialects[name],
      readings: this.readings,
      hears: {
        appended: (member, reading, now) => this.appended(member, reading, now),
        answered: (message, isOk) => this.answeredTo(message, isOk),
        closed: (member) => {
          if (!this.isClosing && !member.isClosed) this.faults.closed += 1;
        },
      },
      port: servers[replica].port,
      replica,
      room,
    });
  }

  private seat(member: Member): void {
    member.seen = new Uint8Array(this.capacity);
    // It misses nothing of what was said before it came.
    member.seen.fill(1, 0, this.sent.length);
    member.newest = new Int32Array(2 * sendersEach).fill(-1);
    this.members.push(member);
    this.byRoom[member.room]?.push(member);
    this.senders[member.replica]?.push(member);
  }

  private async say(rate: number, seconds: number): Promise<void> {
    const startedAt = performance.now();
    const total = Math.round(rate * seconds);
    for (let said = 0; said < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) * rate) / 1_000) + 1);
      for (; said < due; said += 1) this.sayNext();
      await pause(Math.max(0, startedAt + (said * 1_000) / rate - performance.now()));
    }
  }

  private sayNext(): void {
    const number = this.sent.length;
    if (number >= this.capacity) throw new Error(`more than ${this.capacity} messages`);
    const isOneRoom = this.rooms.length === 1;
    const { speaker, sender } = isOneRoom ? this.speakerOf(number) : this.speakerInRoom(number);
    const text = `#${String(number).padStart(7, "0")} ${filler}`.slice(0, textLength);
    const members = this.byRoom[speaker.room]?.length ?? 0;
    const { room, replica } = speaker;
    this.outstanding += members;
    this.unanswered += 1;
    this.sent.push({ room, members, sender, replica, sentAt: performance.now() });
    speaker.say(this.rooms[room] ?? "", text, number);
  }

  /** Of both replicas in turns. */
  private speakerOf(number: number): { speaker: Member; sender: number } {
    const lists = this.senders.filter((list) => list.length > 0);
    const list = lists[number % lists.length] ?? [];
    const place = Math.floor(number / lists.length) % Math.min(sendersEach, list.length);
    return { speaker: list[place] as Member, sender: 2 * place + (number % lists.length) };
  }

  private speakerInRoom(number: number): { speaker: Member; sender: number } {
    const room = number % this.rooms.length;
    const members = this.byRoom[room] ?? [];
    const sender = Math.floor(number / this.rooms.length) % members.length;
    return { speaker: members[sender] as Member, sender };
  }

  private appended(member: Member, reading: Reading, now: number): void {
    this.lastHeardAt = now;
    if (reading.seqs !== undefined && member.lastSeq !== undefined) {
      const { first, last, isWhole } = reading.seqs;
      if (!isWhole || first !== member.lastSeq + 1) this.faults.disordered += 1;
      member.lastSeq = last;
    }
    if (member === this.members[0]) this.lefts += reading.left;
    for (const number of reading.messages) this.delivered(member, number, now);
  }

  private delivered(member: Member, number: number, now: number): void {
    const message = this.sent[number];
    if (message === undefined || member.seen.length === 0) return;
    const times = member.seen[number] ?? 0;
    member.seen[number] = times + 1;
    if (times > 0) {
      this.faults.doubled += 1;
      return;
    }
    this.outstanding -= 1;
    if ((member.newest[message.sender] ?? -1) > number) this.faults.disordered += 1;
    member.newest[message.sender] = number;
    const { window } = this;
    if (window === undefined || number < window.first) return;
    window.deliveries += 1;
    const ms = now - message.sentAt;
    window.toAll.add(ms);
    if (member.replica !== message.replica) window.toOther.add(ms);
  }

  private answeredTo(number: number, isOk: boolean): void {
    this.unanswered -= 1;
    if (isOk) return;
    this.faults.refused += 1;
    const message = this.sent[number];
    if (message === undefined) return;
    this.outstanding -= message.members;
    message.room = -1; // No member is given it.
  }

  private async drained(mostMs: number): Promise<boolean> {
    const isDrained = () => this.outstanding <= 0;
    return until("all deliveries", isDrained, mostMs, 5).catch(() => false);
  }

  private async answered(): Promise<void> {
    await until("all answers", () => this.unanswered === 0, 5_000).catch(() => undefined);
  }
}
