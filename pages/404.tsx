import type { GetStaticProps } from "next";
import { Layout } from "../components/blog/layout";
import { Missing } from "../components/chat/missing";
import { PageLink } from "../components/ui/page-link";
import { useWords } from "../components/words/words";
import { pageProps } from "../content/page-props";

export const getStaticProps: GetStaticProps = async ({ locale }) => ({ props: await pageProps(locale) });

export default function NotFound() {
  const t = useWords();
  return (
    <Layout title={t("missing.title")} fillsScreen>
      <Missing title={t("missing.title")} text={t("missing.text")}>
        <PageLink href="/" className="pill-button">
          {t("missing.home")}
        </PageLink>
        <PageLink href="/chat">{t("missing.chat")}</PageLink>
      </Missing>
    </Layout>
  );
}
