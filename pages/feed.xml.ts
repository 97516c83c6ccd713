import type { GetServerSideProps } from "next";
import { loadWords } from "../components/words/load-words";
import type { Locale } from "../protocol/events";
import { getApp } from "../server/app";

export const getServerSideProps: GetServerSideProps = async ({ req, res, locale = "en" }) => {
  const words = loadWords(locale);
  const [name, description] = [String(words["site.name"]), String(words["site.description"])];
  getApp().answerSiteFile(req, res, { is: "feed", locale: locale as Locale, name, description });
  return { props: {} };
};

/** Never rendered: the server has answered already. */
export default function Feed() {
  return null;
}
