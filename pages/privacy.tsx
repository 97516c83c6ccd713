import type { GetServerSideProps, InferGetServerSidePropsType } from "next";
import { PrivacyPage } from "../components/blog/privacy-page";
import { type OwnersPrivacy, ownersPrivacyIn, pageProps } from "../content/page-props";
import type { Locale } from "../protocol/locales";
import type { PrivacyFacts } from "../protocol/privacy";
import { runningApp } from "../server/running-app";

type Props = { facts: PrivacyFacts; owner: OwnersPrivacy };

/** Rendered at each request: the settings are those of the running server, which the build does not know. */
export const getServerSideProps: GetServerSideProps<Props> = async ({ locale }) => ({
  props: {
    ...(await pageProps(locale, { page: "privacy" })),
    facts: runningApp().pages.privacy(),
    owner: ownersPrivacyIn(locale as Locale),
  },
});

export default function Privacy({ facts, owner }: InferGetServerSidePropsType<typeof getServerSideProps>) {
  return <PrivacyPage facts={facts} owner={owner} />;
}
