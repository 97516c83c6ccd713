import type { Entry, Member, VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";

/** A client that still types repeats its command in time; a hung browser or a dead replica does not. */
export const typingLapseMs = 5_000;
/** More than any client shows. Typists beyond it are not announced, so a crowd that types costs nothing. */
export const maxListedTypists = 10;

type Typist = { member: Member; cancelLapse: () => void };

/** The members who type in one room, as far as this replica has heard. Nothing else stores them. */
export class Typists {
  /** In the order in which they began to type. */
  private readonly typists = new Map<VisitorId, Typist>();
  private told: Member[] = [];

  constructor(
    private readonly clock: Clock,
    /** Called with the first `maxListedTypists` typists, whenever those change. */
    private readonly changed: (members: Member[]) => void,
  ) {}

  set(member: Member, isTyping: boolean): void {
    if (isTyping) this.keep(member);
    else this.drop(member.id);
    this.tell();
  }

  /** Applies the room's entries: a member that has sent a message, or has left, no longer types. */
  hear(entries: readonly Entry[]): void {
    if (this.typists.size === 0) return;
    for (const entry of entries) {
      if (entry.kind === "message" || entry.kind === "leave") this.drop(entry.by.id);
      if (entry.kind === "visits") for (const visitor of entry.gone ?? []) this.drop(visitor);
      if (entry.kind === "rename") this.rename(entry.by);
      if (entry.kind === "closed") this.stop();
    }
    this.tell();
  }

  stop(): void {
    for (const visitor of [...this.typists.keys()]) this.drop(visitor);
  }

  private keep(member: Member): void {
    this.typists.get(member.id)?.cancelLapse();
    const cancelLapse = this.clock.after(typingLapseMs, () => this.set(member, false));
    this.typists.set(member.id, { member, cancelLapse });
  }

  private drop(visitor: VisitorId): void {
    this.typists.get(visitor)?.cancelLapse();
    this.typists.delete(visitor);
  }

  private rename(member: Member): void {
    const typist = this.typists.get(member.id);
    if (typist !== undefined) typist.member = member;
  }

  private tell(): void {
    const listed = [...this.typists.values()].slice(0, maxListedTypists).map(({ member }) => member);
    const isSame = ({ id, name }: Member, index: number) =>
      this.told[index]?.id === id && this.told[index]?.name === name;
    if (listed.length === this.told.length && listed.every(isSame)) return;
    this.told = listed;
    this.changed(listed);
  }
}
