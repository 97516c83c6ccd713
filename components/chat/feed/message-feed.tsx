import type { MessageEntry, Room } from "../../../protocol/events";
import { BeforeUpdate } from "../../ui/before-update";
import { Icon } from "../../ui/icon";
import { usePart } from "../../ui/on-demand";
import { useWords } from "../../words/words";
import type { HiddenVisitors } from "../members/hidden-visitors";
import type { ChatState } from "../state/chat-state";
import type { Feed } from "../state/feed";
import { type Line, messageAt } from "../state/lines";
import { endingOf } from "../state/room-over";
import { FeedRow } from "./feed-row";
import { type Row, rowsOf } from "./feed-rows";
import { FeedSkeleton } from "./feed-skeleton";
import type { MessageActions, RoomRole } from "./message-actions";
import { unseenCount } from "./unseen-messages";
import { useAnnouncing } from "./use-announcing";
import type { FeedPosition } from "./use-feed-position";

type Props = {
  state: ChatState;
  position: FeedPosition;
  /** In a conversation the bar shows who comes and goes, so the feed does not. */
  hidesVisits: boolean;
  actions: MessageActions;
  roomRole: RoomRole;
  hidden: HiddenVisitors;
};

const loadInvitation = () => import("../room-invitation");

export function MessageFeed({ state, position, hidesVisits, actions, roomRole, hidden }: Props) {
  const t = useWords();
  const { feed, outbox, presence, link } = state;
  const { scroll, divider } = position;
  const { shown } = scroll;
  const isLoaded = feed.cursor !== undefined && !position.isArriving;
  const isLive = isLoaded && link.is === "live";
  const isAnnouncing = useAnnouncing(isLive, feed.lines[0]?.seq ?? 0, scroll.view);
  const self = presence.self?.id;
  const isEnd = !shown.hasBelow && !shown.isExcerpt;
  const lines = hidesVisits ? shown.lines.filter(isNoVisit) : shown.lines;
  // Drafts are shown before there is a feed: after a reload without a network, that may take long.
  const rows = rowsOf(isLoaded ? lines : [], isEnd ? outbox : [], { self, hidden }, divider);
  const isSilent = !feed.hasOlder && rows.every(isQuiet);
  const openRoom = isLoaded && isSilent && !hidesVisits && !endingOf(state) ? state.room : undefined;

  return (
    <div className="feed">
      <BeforeUpdate call={scroll.beforeUpdate} />
      {/* Before the feed: to tab through its links first would scroll to the end, where this button is hidden. */}
      {isLoaded && !scroll.isFollowing && <ToLatest position={position} />}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only for clicks on links, which Enter makes too */}
      <div
        ref={scroll.scroller}
        onScroll={scroll.onScroll}
        onClick={position.followLink}
        role="log"
        aria-label={t("chat.messages")}
        aria-live={isAnnouncing ? "polite" : "off"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="feed-scroller"
      >
        {!isLoaded && <FeedSkeleton isRoom={!hidesVisits} />}
        {(isLoaded || rows.length > 0) && (
          <ol className="feed-rows">
            {isSilent && <li className="feed-quiet">{t(`feed.${state.room?.closed ? "over" : "empty"}`)}</li>}
            {openRoom && <InvitationRow room={openRoom} />}
            {rows.map((row) => (
              <FeedRow
                key={row.key}
                row={row}
                actions={actions}
                roomRole={roomRole}
                quoted={quotedBy(row, feed, hidden)}
                Hidden={position.Hidden}
              />
            ))}
          </ol>
        )}
      </div>
      {(state.isStuck || position.isStuck) && (
        <p role="alert" className="feed-saying">
          <span className="saying">{t("feed.stuck")}</span>
        </p>
      )}
      {position.parts}
    </div>
  );
}

function InvitationRow({ room }: { room: Room }) {
  const Invitation = usePart(loadInvitation, true);
  return (
    <li aria-live="off" className="feed-invitation">
      {Invitation && <Invitation room={room} />}
    </li>
  );
}

function ToLatest({ position: { scroll, unseen, isMore, toLatest } }: Pick<Props, "position">) {
  const t = useWords();

  /** The button disappears, so the feed takes the focus. */
  function go(): void {
    toLatest();
    scroll.scroller.current?.focus({ preventScroll: true });
  }

  return (
    <button type="button" className="to-latest" onClick={go}>
      <Icon name="down" />
      <span>{unseen === 0 ? t("feed.latest") : unseenCount(t, unseen, isMore)}</span>
    </button>
  );
}

/** The message that a row's message answers, if it is loaded and not hidden. */
function quotedBy(row: Row, { lines, excerpt }: Feed, hidden: HiddenVisitors): MessageEntry | undefined {
  const seq = row.kind === "message" && row.entry.replyTo;
  if (!seq) return undefined;
  const quoted = messageAt(lines, seq) ?? messageAt(excerpt?.lines ?? [], seq);
  return quoted && !hidden.has(quoted.by.id) ? quoted : undefined;
}

const isQuiet = ({ kind }: Row): boolean => kind === "day" || kind === "notices";

const isNoVisit = ({ kind }: Line): boolean => kind !== "join" && kind !== "leave" && kind !== "visits";
