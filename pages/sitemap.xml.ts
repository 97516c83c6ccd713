import type { GetServerSideProps } from "next";
import { getApp } from "../server/app";

export const getServerSideProps: GetServerSideProps = async ({ req, res }) => {
  getApp().answerSiteFile(req, res, { is: "sitemap" });
  return { props: {} };
};

/** Never rendered: the server has answered already. */
export default function Sitemap() {
  return null;
}
