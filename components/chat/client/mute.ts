import type { Ack } from "../../../protocol/events";
import type { ChatEvent } from "../state/chat-state";
import type { Cancel, Environment } from "./environment";

/** The longest time that a browser's timer can wait. */
const longestMs = 2 ** 31 - 1;

/** Learns from the answers to this visitor's commands that it is muted, and ends that in time. */
export function createMute({ now, after }: Environment, dispatch: (event: ChatEvent) => void) {
  let cancel: Cancel = () => {};
  return (answer: Ack | undefined): void => {
    if (!answer || answer.ok || answer.error.code !== "muted") return;
    const { retryAfterMs } = answer.error;
    cancel();
    dispatch({ type: "mute:told", mute: retryAfterMs === undefined ? {} : { until: now() + retryAfterMs } });
    if (retryAfterMs !== undefined)
      cancel = after(Math.min(retryAfterMs, longestMs), () => dispatch({ type: "mute:over" }));
  };
}
