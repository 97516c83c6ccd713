import type { GetStaticProps } from "next";
import { Layout } from "../../components/blog/layout";
import { IdentityView } from "../../components/identity/identity-view";
import { useWords } from "../../components/words/words";
import { pageProps } from "../../content/page-props";

export const getStaticProps: GetStaticProps = async ({ locale }) => ({ props: await pageProps(locale) });

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
