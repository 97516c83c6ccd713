import type { IncomingMessage } from "node:http";
import type { GetServerSideProps } from "next";
import { Layout } from "../../components/blog/layout";
import { ChatRoom } from "../../components/chat/chat-room";
import { roomPath } from "../../components/chat/room-address";
import RoomMissing from "../../components/chat/room-missing";
import { useWords } from "../../components/words/words";
import { pageProps } from "../../content/page-props";
import type { Locale, RoomId } from "../../protocol/events";
import { directRoomPrefix, lobbyId, roomIdPattern } from "../../protocol/limits";
import type { PostOfRoom } from "../../protocol/posts";
import { runningApp } from "../../server/running-app";

type Props = { room: RoomId | null; state: RoomState; post: PostOfRoom | null };

/**
 * Rendered at each request: rooms come and go while the server runs, and a made-up address must not be cached. While
 * the server cannot tell whether the room exists, it sends the room's page, which finds out by itself.
 */
export const getServerSideProps: GetServerSideProps<Props, { room: string }> = async (context) => {
  const { params, locale, defaultLocale, req, res } = context;
  const asked = params?.room ?? "";
  const room = asked.toLowerCase();
  if (room === lobbyId || (room !== asked && roomIdPattern.test(room))) {
    const language = locale && locale !== defaultLocale ? `/${locale}` : "";
    return { redirect: { destination: `${language}${roomPath(room)}`, permanent: false } };
  }
  const state = await stateOf(room, req);
  // On a client-side navigation Next would take this status for a failure of the site, and reload the whole page.
  if (!req.url?.startsWith("/_next/data/")) res.statusCode = statuses[state];
  const post = runningApp().pages.postOf(room, locale as Locale) ?? null;
  return { props: { ...(await pageProps(locale)), room: state === "invalid" ? null : room, state, post } };
};

type RoomState = "open" | "unknown" | "missing" | "closed" | "invalid";
const statuses: Record<RoomState, number> = {
  open: 200,
  unknown: 200,
  missing: 404,
  closed: 410,
  invalid: 404,
};

/**
 * A conversation has its partner's address. Its room id is always missing, without a look-up, even for those who know
 * it.
 */
async function stateOf(room: RoomId, request: IncomingMessage): Promise<RoomState> {
  if (!roomIdPattern.test(room)) return "invalid";
  return room.startsWith(directRoomPrefix) ? "missing" : runningApp().pages.roomState(room, request);
}

export default function RoomPage({ room, state, post }: Props) {
  const t = useWords();
  return (
    <Layout title={post?.title ?? t("room.title")} description={t("room.description")} fillsScreen>
      <noscript>
        <p className="noscript-note">{t("noscript.text")}</p>
      </noscript>
      <RoomOrReason room={room} state={state} post={post} />
    </Layout>
  );
}

function RoomOrReason({ room, state, post }: Omit<Props, "words">) {
  if (room === null) return <RoomMissing why="invalid" />;
  if (state === "closed" || state === "missing") return <RoomMissing why={state} room={room} />;
  return <ChatRoom key={room} room={room} {...(post && { title: post.title, article: post.path })} />;
}
