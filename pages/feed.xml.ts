import type { GetServerSideProps } from "next";
import type { Locale } from "../protocol/locales";
import { runningApp } from "../server/running-app";

export const getServerSideProps: GetServerSideProps = async ({ req, res, locale }) => {
  runningApp().answerSiteFile(req, res, { is: "feed", locale: locale as Locale });
  return { props: {} };
};

/** Never rendered: the server has answered already. */
export default function Feed() {
  return null;
}
