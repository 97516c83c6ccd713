import type { Room, RoomRules } from "../../../protocol/events";
import type { Presence } from "./presence";

/** O-4. `until` by the wall clock; without it, until the mute is lifted. */
export type Mute = { until?: number };

type Writer = { muted?: Mute; room?: Room; presence: Presence };

/** O-5: the rules that bind this visitor. */
export const rulesFor = ({ room, presence }: Omit<Writer, "muted">): RoomRules | undefined =>
  presence.self?.role ? undefined : room?.rules;

/** Whether the server would refuse each message of this visitor. */
export const isBarred = (state: Writer): boolean =>
  state.muted !== undefined || rulesFor(state)?.writers === "moderators";

/** Whether there is something to say before the visitor writes. */
export function hasWritingNote(state: Writer): boolean {
  const { slowMs, writers, links } = rulesFor(state) ?? {};
  return state.muted !== undefined || slowMs !== undefined || writers !== undefined || links !== undefined;
}
