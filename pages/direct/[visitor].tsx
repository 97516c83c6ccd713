import type { GetServerSideProps } from "next";
import { Layout } from "../../components/blog/layout";
import { DirectMissing } from "../../components/direct/direct-missing";
import { DirectRoom } from "../../components/direct/direct-room";
import { useWords } from "../../components/words/words";
import { pageProps } from "../../content/page-props";
import type { VisitorId } from "../../protocol/events";
import { visitorIdPattern } from "../../protocol/limits";

type Props = { visitor: VisitorId | null };

/** Rendered at each request: a made-up address must not be cached. */
export const getServerSideProps: GetServerSideProps<Props, { visitor: string }> = async ({
  params,
  locale,
  res,
}) => {
  const visitor = params?.visitor ?? "";
  const isVisitorId = visitorIdPattern.test(visitor);
  if (!isVisitorId) res.statusCode = 404;
  return { props: { ...(await pageProps(locale)), visitor: isVisitorId ? visitor : null } };
};

export default function Conversation({ visitor }: Props) {
  const t = useWords();
  return (
    <Layout title={t("direct.title")} description={t("direct.description")} fillsScreen>
      <noscript>
        <p className="noscript-note">{t("noscript.text")}</p>
      </noscript>
      {visitor === null ? (
        <DirectMissing none={{ why: "noVisitor" }} />
      ) : (
        <DirectRoom key={visitor} visitor={visitor} />
      )}
    </Layout>
  );
}
