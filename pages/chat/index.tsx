import type { GetStaticProps } from "next";
import { Layout } from "../../components/blog/layout";
import { ChatRoom } from "../../components/chat/chat-room";
import { useWords } from "../../components/words/words";
import { pageProps } from "../../content/page-props";
import { lobbyId } from "../../protocol/limits";

export const getStaticProps: GetStaticProps = async ({ locale }) => ({ props: await pageProps(locale) });

export default function Lobby() {
  const t = useWords();
  return (
    <Layout title={t("lobby.title")} description={t("lobby.description")} fillsScreen>
      <noscript>
        <p className="noscript-note">{t("noscript.text")}</p>
      </noscript>
      <ChatRoom room={lobbyId} title={t("lobby.title")} />
    </Layout>
  );
}
