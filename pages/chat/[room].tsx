import type { GetServerSideProps } from "next";
import { Layout } from "../../components/blog/layout";
import { ChatRoom } from "../../components/chat/chat-room";
import { RoomNowhere } from "../../components/chat/room-nowhere";
import { loadWords } from "../../components/words/load-words";
import { useWords, type Words } from "../../components/words/words";
import type { RoomId } from "../../protocol/events";
import { directRoomPrefix, lobbyId, roomIdPattern } from "../../protocol/limits";

type Props = { words: Words; room: RoomId | null };

/** Rendered at each request: rooms come and go while it runs, and nothing is to be kept for an address made up. */
export const getServerSideProps: GetServerSideProps<Props, { room: string }> = async ({
  params,
  locale,
  defaultLocale,
  res,
}) => {
  const room = params?.room ?? "";
  if (room === lobbyId) {
    const language = locale && locale !== defaultLocale ? `/${locale}` : "";
    return { redirect: { destination: `${language}/chat`, permanent: false } };
  }
  const isRoomId = roomIdPattern.test(room);
  if (!isRoomId) res.statusCode = 404;
  return { props: { words: loadWords(locale), room: isRoomId ? room : null } };
};

export default function RoomPage({ room }: Props) {
  const t = useWords();
  return (
    <Layout title={t("room.title")} description={t("room.description")} fillsScreen>
      <noscript>
        <p className="noscript-note">{t("noscript.text")}</p>
      </noscript>
      <Inside room={room} />
    </Layout>
  );
}

/** A conversation's address is its partner's; by its room's id it is not even asked for, whoever has got hold of that. */
function Inside({ room }: Pick<Props, "room">) {
  if (room === null) return <RoomNowhere why="invalid" />;
  if (room.startsWith(directRoomPrefix)) return <RoomNowhere why="missing" />;
  return <ChatRoom key={room} room={room} />;
}
