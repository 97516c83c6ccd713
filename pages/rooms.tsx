import type { GetStaticProps, InferGetStaticPropsType } from "next";
import { Layout } from "../components/blog/layout";
import { RoomsView } from "../components/rooms/rooms-view";
import { useWords } from "../components/words/words";
import { pageProps } from "../content/page-props";
import { listPosts } from "../content/render-post";
import type { Locale, RoomId } from "../protocol/events";
import { lobbyId } from "../protocol/limits";

type Props = { postTitles: Record<RoomId, string> };

/**
 * A post's room is created with the title that its first reader saw; the list shows each reader their own language's
 * title.
 */
export const getStaticProps: GetStaticProps<Props> = async ({ locale }) => {
  const posts = listPosts(locale as Locale);
  return {
    props: {
      ...(await pageProps(locale)),
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
