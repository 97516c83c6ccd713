import type { GetStaticProps } from "next";
import { Layout } from "../../components/blog/layout";
import { ClaimView } from "../../components/identity/claim-view";
import { useWords } from "../../components/words/words";
import { pageProps } from "../../content/page-props";

export const getStaticProps: GetStaticProps = async ({ locale }) => ({ props: await pageProps(locale) });

export default function Claim() {
  const t = useWords();
  return (
    <Layout title={t("claim.title")} description={t("me.description")}>
      <noscript>
        <p className="noscript-note">{t("me.noscript")}</p>
      </noscript>
      <ClaimView />
    </Layout>
  );
}
