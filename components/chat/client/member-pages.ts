import type { MembersAnswer } from "../../../protocol/events";
import { type ChatState, entriesAfter } from "../state/chat-state";
import { listMore } from "../state/presence";
import type { Notifier } from "./notifier";
import type { RoomContext } from "./room-context";

/** The outcome of reading a page. `next`: where the next page begins; undefined after the last. */
export type MemberPageResult = { is: "read"; next: string | undefined } | { is: "refused" | "failed" };

type Context = Pick<RoomContext, "room" | "ask" | "state" | "dispatch"> & Pick<Notifier, "subscribe">;

/** Adds a page of the member list to those known. An older server refuses. */
export async function readMembers(context: Context, from: string | undefined): Promise<MemberPageResult> {
  const { room, ask, dispatch } = context;
  const answer = await ask("member:list", { room, ...(from !== undefined && { from }) });
  if (!answer?.ok) return { is: answer === undefined || answer.error.retryable ? "failed" : "refused" };
  if (!(await reached(context, answer))) return { is: "failed" };
  dispatch({
    type: "members:read",
    add: (state) => listMore(state.presence, answer, entriesAfter(state.feed, answer.presenceSeq)),
  });
  return { is: "read", next: answer.next };
}

/** The entries that the page reflects may still be under way. False when they are not coming any more. */
function reached({ state, subscribe }: Context, page: MembersAnswer): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      const now = progress(state(), page);
      if (now === "behind") return;
      stop();
      resolve(now === "there");
    };
    const stop = subscribe(look);
    look();
  });
}

function progress(
  { feed, link, presence }: ChatState,
  page: MembersAnswer,
): "behind" | "there" | "elsewhere" {
  if (link.is !== "live" || feed.cursor?.epoch !== page.epoch) return "elsewhere";
  return presence.trueAt < page.presenceSeq ? "behind" : "there";
}
