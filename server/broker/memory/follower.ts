import type { Entry } from "../../../protocol/events";
import type { FeedListener } from "../feed";
import type { RoomRows } from "./room-rows";

type Listener = Pick<FeedListener, "appended">;

/** Gives one listener the entries of a room, each once it is kept. */
export class MemoryFollower {
  private listener: Listener | undefined;
  /** The last number that the listener was given. */
  private told: number;

  constructor(
    private readonly rows: RoomRows,
    private readonly feed: { readonly epoch: string; readonly head: number },
  ) {
    this.told = feed.head;
  }

  get isFollowing(): boolean {
    return this.listener !== undefined;
  }

  get lastTold(): number {
    return this.told;
  }

  /** Gives the listener every later entry. Returns the end of that. */
  start(listener: Listener): () => boolean {
    this.listener = listener;
    this.told = this.feed.head;
    return () => {
      const isOwn = this.listener === listener;
      if (isOwn) this.listener = undefined;
      return isOwn;
    };
  }

  tell(entry: Entry): void {
    const { listener } = this;
    if (listener === undefined) return;
    this.rows.whenKept(() => {
      if (this.listener !== listener) return;
      this.told = entry.seq;
      listener.appended(this.feed.epoch, [entry]);
    });
  }
}
