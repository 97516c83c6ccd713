import type { GetStaticProps } from "next";
import { Layout } from "../../components/blog/layout";
import { ConversationsView } from "../../components/direct/conversations-view";
import { useWords } from "../../components/words/words";
import { pageProps } from "../../content/page-props";

export const getStaticProps: GetStaticProps = async ({ locale }) => ({ props: await pageProps(locale) });

export default function Conversations() {
  const t = useWords();
  return (
    <Layout title={t("nav.direct")} description={t("direct.description")}>
      <noscript>
        <p className="noscript-note">{t("noscript.text")}</p>
      </noscript>
      <ConversationsView />
    </Layout>
  );
}
