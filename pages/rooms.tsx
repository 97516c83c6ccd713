import type { GetStaticProps } from "next";
import { Layout } from "../components/blog/layout";
import { RoomsView } from "../components/rooms/rooms-view";
import { loadWords } from "../components/words/load-words";
import { useWords } from "../components/words/words";

export const getStaticProps: GetStaticProps = ({ locale }) => ({ props: { words: loadWords(locale) } });

export default function Rooms() {
  const t = useWords();
  return (
    <Layout title={t("nav.rooms")} description={t("rooms.description")}>
      <noscript>
        <p className="noscript-note">{t("noscript.text")}</p>
      </noscript>
      <RoomsView />
    </Layout>
  );
}
