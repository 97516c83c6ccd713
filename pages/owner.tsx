import type { GetStaticProps, InferGetStaticPropsType } from "next";
import { Layout } from "../components/blog/layout";
import { OwnerView } from "../components/owner/owner-view";
import { useWords } from "../components/words/words";
import { pageProps } from "../content/page-props";
import { listPosts } from "../content/render-post";
import type { Locale, RoomId } from "../protocol/events";
import { lobbyId } from "../protocol/limits";

type Props = { postTitles: Record<RoomId, string> };

export const getStaticProps: GetStaticProps<Props> = async ({ locale }) => ({
  props: {
    ...(await pageProps(locale, { page: "owner" })),
    postTitles: Object.fromEntries(listPosts(locale as Locale).map(({ room, title }) => [room, title])),
  },
});

export default function Owner({ postTitles }: InferGetStaticPropsType<typeof getStaticProps>) {
  const t = useWords();
  return (
    <Layout title={t("owner.title")} description={t("owner.description")}>
      <noscript>
        <p className="noscript-note">{t("owner.noscript")}</p>
      </noscript>
      <OwnerView titles={{ ...postTitles, [lobbyId]: t("lobby.title") }} />
    </Layout>
  );
}
