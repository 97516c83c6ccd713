import type { Cursor, RoomId } from "../../../protocol/events";
import { hasAttention, watchAttention } from "../page-attention";
import { acquireLock, isHeldAnywhere, type TabLock } from "./tab-locks";

/** Decides which of this browser's tabs in a room raises its alerts: one of them, or none while one is looked at. */
export type TabTurn = {
  hasAttention(): boolean;
  /** `ours`: this tab alerts. `theirs`: another tab does. `seen`: none does, because the visitor looks at the room. */
  whose(): Promise<"ours" | "theirs" | "seen">;
  /** A tab without a live link leaves its turn to another. */
  wantIt(isWanted: boolean): void;
  close(): void;
};

/** What a tab has shown of the room: up to this cursor; `undefined` before its history has arrived. */
type Shown = Cursor | undefined;

/** `onLooked` is called when the visitor looks at the room, here or in another tab, with what that tab shows. */
export function openTabTurn(room: RoomId, shown: () => Shown, onLooked: (shown: Shown) => void): TabTurn {
  const looks = `madang:looks:${room}`;
  const channel = new BroadcastChannel(looks);
  let looking: TabLock | undefined;
  let turn: TabLock | undefined;

  function look(): void {
    looking?.release();
    looking = undefined;
    if (!hasAttention()) return;
    looking = acquireLock(looks, "shared");
    channel.postMessage(shown());
    onLooked(shown());
  }

  channel.onmessage = ({ data }: MessageEvent<Shown>) => onLooked(data);
  const stopWatching = watchAttention(look);
  look();

  return {
    hasAttention: hasAttention,
    async whose() {
      if (await isHeldAnywhere(looks)) return "seen";
      return turn?.isHeld() ? "ours" : "theirs";
    },
    wantIt(isWanted) {
      if (isWanted === (turn !== undefined)) return;
      turn?.release();
      turn = isWanted ? acquireLock(`madang:tells:${room}`, "exclusive") : undefined;
    },
    close() {
      stopWatching();
      channel.close();
      looking?.release();
      turn?.release();
    },
  };
}
