import type { RoomId } from "../../../protocol/events";
import { isLookedAt, watchLooks } from "../looked-at";
import { type Hold, hold, isHeldAnywhere } from "./tab-locks";

/** Which of this browser's tabs tells of a room: one of those that are in it, and none while one of them is looked at. */
export type TabTurn = {
  isLookedAt(): boolean;
  /** Whether this tab is to tell now, or another one, or none because it is seen in one of them. */
  whose(): Promise<"ours" | "theirs" | "seen">;
  /** A tab that hears nothing itself leaves its turn to another. */
  wantIt(isWanted: boolean): void;
  close(): void;
};

/** `onLooked`: the room is being looked at, here or in another tab. */
export function openTabTurn(room: RoomId, onLooked: () => void): TabTurn {
  const looks = `madang:looks:${room}`;
  const channel = new BroadcastChannel(looks);
  let looking: Hold | undefined;
  let turn: Hold | undefined;

  function look(): void {
    looking?.release();
    looking = undefined;
    if (!isLookedAt()) return;
    looking = hold(looks, "shared");
    channel.postMessage("looked");
    onLooked();
  }

  channel.onmessage = onLooked;
  const stopWatching = watchLooks(look);
  look();

  return {
    isLookedAt,
    async whose() {
      if (await isHeldAnywhere(looks)) return "seen";
      return turn?.isHeld() ? "ours" : "theirs";
    },
    wantIt(isWanted) {
      if (isWanted === (turn !== undefined)) return;
      turn?.release();
      turn = isWanted ? hold(`madang:tells:${room}`, "exclusive") : undefined;
    },
    close() {
      stopWatching();
      channel.close();
      looking?.release();
      turn?.release();
    },
  };
}
