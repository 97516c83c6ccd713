import type { GetServerSideProps } from "next";
import { loadWords } from "../components/words/load-words";
import { type Locale, originalLocale } from "../protocol/locales";
import { getApp } from "../server/app";

export const getServerSideProps: GetServerSideProps = async ({ req, res, locale = originalLocale }) => {
  const words = await loadWords(locale);
  const [name, description] = [String(words["site.name"]), String(words["site.description"])];
  getApp().answerSiteFile(req, res, { is: "feed", locale: locale as Locale, name, description });
  return { props: {} };
};

/** Never rendered: the server has answered already. */
export default function Feed() {
  return null;
}
