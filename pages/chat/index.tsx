import type { GetStaticProps } from "next";
import { Layout } from "../../components/blog/layout";
import { ChatRoom } from "../../components/chat/chat-room";
import { loadWords } from "../../components/words/load-words";
import { useWords } from "../../components/words/words";
import { lobbyId } from "../../protocol/limits";

export const getStaticProps: GetStaticProps = async ({ locale }) => ({
  props: { words: await loadWords(locale) },
});

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
