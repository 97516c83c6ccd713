import type { GetStaticProps } from "next";
import { Layout } from "../../components/blog/layout";
import { IdentityView } from "../../components/identity/identity-view";
import { loadWords } from "../../components/words/load-words";
import { useWords } from "../../components/words/words";

export const getStaticProps: GetStaticProps = async ({ locale }) => ({
  props: { words: await loadWords(locale) },
});

export default function Me() {
  const t = useWords();
  return (
    <Layout title={t("nav.me")} description={t("me.description")}>
      <noscript>
        <p className="noscript-note">{t("me.noscript")}</p>
      </noscript>
      <IdentityView />
    </Layout>
  );
}
