import type { GetStaticProps } from "next";
import Link from "next/link";
import { Layout } from "../components/blog/layout";
import { loadWords } from "../components/words/load-words";
import { useWords } from "../components/words/words";

export const getStaticProps: GetStaticProps = ({ locale }) => ({ props: { words: loadWords(locale) } });

export default function NotFound() {
  const t = useWords();
  return (
    <Layout title={t("missing.title")}>
      <div className="article">
        <h1>{t("missing.title")}</h1>
        <p>{t("missing.text")}</p>
        <p>
          <Link href="/">{t("missing.home")}</Link> · <Link href="/chat">{t("missing.chat")}</Link>
        </p>
      </div>
    </Layout>
  );
}
