import type { GetStaticProps, InferGetStaticPropsType } from "next";
import { Layout } from "../components/blog/layout";
import { listPosts } from "../components/blog/posts";
import { RoomsView } from "../components/rooms/rooms-view";
import { loadWords } from "../components/words/load-words";
import { useWords, type Words } from "../components/words/words";
import type { Locale, RoomId } from "../protocol/events";
import { lobbyId } from "../protocol/limits";

type Props = { words: Words; postTitles: Record<RoomId, string> };

/**
 * A post's room is created with the title that its first reader saw; the list shows each reader their own language's
 * title.
 */
export const getStaticProps: GetStaticProps<Props> = async ({ locale }) => {
  const posts = await listPosts(locale as Locale);
  return {
    props: {
      words: await loadWords(locale),
      postTitles: Object.fromEntries(posts.map(({ room, title }) => [room, title])),
    },
  };
};

export default function Rooms({ postTitles }: InferGetStaticPropsType<typeof getStaticProps>) {
  const t = useWords();
  return (
    <Layout title={t("nav.rooms")} description={t("rooms.description")}>
      <noscript>
        <p className="noscript-note">{t("noscript.text")}</p>
      </noscript>
      <RoomsView titles={{ ...postTitles, [lobbyId]: t("lobby.title") }} />
    </Layout>
  );
}
