import type { GetServerSideProps } from "next";
import { runningApp } from "../server/running-app";

export const getServerSideProps: GetServerSideProps = async ({ req, res }) => {
  runningApp().answerSiteFile(req, res, { is: "sitemap" });
  return { props: {} };
};

/** Never rendered: the server has answered already. */
export default function Sitemap() {
  return null;
}
