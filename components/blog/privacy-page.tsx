import type { OwnersPrivacy } from "../../content/page-props";
import type { PrivacyFacts } from "../../protocol/privacy";
import { PageLink } from "../ui/page-link";
import { Sentence, useLocale, useWords } from "../words/words";
import { Layout } from "./layout";

type Props = { facts: PrivacyFacts; owner: OwnersPrivacy };

/** Lists the stored data, where and how long this server keeps it, and how to be forgotten. */
export function PrivacyPage({ facts, owner }: Props) {
  const t = useWords();
  return (
    <Layout title={t("nav.privacy")} description={t("privacy.description")} hasFooter>
      <article className="article">
        <h1>{t("nav.privacy")}</h1>
        <p>{t("privacy.description")}</p>
        <Words {...facts} />
        <You {...facts} />
        <Order {...facts} />
        <h2>{t("privacy.place.title")}</h2>
        <p>{t("privacy.place.server")}</p>
        <p>{t(facts.hasReceiver ? "privacy.place.told" : "privacy.place.alone")}</p>
        <p>{t("privacy.place.browser")}</p>
        <Forgetting />
        <Owner {...owner} />
      </article>
    </Layout>
  );
}

function Words({ messages, bytes, roomDays, isLasting }: PrivacyFacts) {
  const t = useWords();
  const size = sizeOf(bytes, useLocale());
  return (
    <>
      <h2>{t("privacy.words.title")}</h2>
      <p>{t("privacy.words.readers")}</p>
      <ul>
        <li>{t("privacy.words.room", { messages, size })}</li>
        <li>{t("privacy.words.idle", { count: roomDays })}</li>
        {!isLasting && <li>{t("privacy.words.passing")}</li>}
      </ul>
    </>
  );
}

function You({ visitorDays, roomListDays, networkDays, areAddressesLogged }: PrivacyFacts) {
  const t = useWords();
  const logged = t(areAddressesLogged ? "privacy.you.logged" : "privacy.you.unlogged");
  return (
    <>
      <h2>{t("privacy.you.title")}</h2>
      <p>{t("privacy.you.visitor", { count: visitorDays })}</p>
      <p>{t("privacy.you.account")}</p>
      <p>{t("privacy.you.rooms", { days: roomListDays })}</p>
      <p>{t("privacy.you.address", { days: networkDays })}</p>
      <p>{logged}</p>
    </>
  );
}

function Order({ reports, logDays }: PrivacyFacts) {
  const t = useWords();
  return (
    <>
      <h2>{t("privacy.order.title")}</h2>
      <ul>
        <li>{t("privacy.order.reports", { reports })}</li>
        <li>{t("privacy.order.decisions")}</li>
        <li>{t("privacy.order.log", { days: logDays })}</li>
        <li>{t("privacy.order.repeats")}</li>
      </ul>
    </>
  );
}

function Forgetting() {
  const t = useWords();
  return (
    <>
      <h2>{t("privacy.forget.title")}</h2>
      <p>{t("privacy.forget.message")}</p>
      <p>
        <Sentence
          of="privacy.forget.all"
          values={{ profile: <PageLink href="/me">{t("nav.me")}</PageLink> }}
        />
      </p>
      <p>{t("privacy.forget.rest")}</p>
      <p>{t("privacy.forget.copies")}</p>
    </>
  );
}

function Owner({ text, imprint }: OwnersPrivacy) {
  const t = useWords();
  if (text === undefined && imprint === undefined) return null;
  const paragraphs = text?.split(/\n\s*\n/) ?? [];
  return (
    <>
      <h2>{t("privacy.owner.title")}</h2>
      {paragraphs.map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the owner's paragraphs never change their places
        <p key={index}>{paragraph}</p>
      ))}
      {imprint !== undefined && (
        <p>
          <a href={imprint}>{t("privacy.owner.imprint")}</a>
        </p>
      )}
    </>
  );
}

const megabyte = 1_000_000;

/** `4.2 MB`, as the language writes it. */
function sizeOf(bytes: number, locale: string): string {
  const isLarge = bytes >= megabyte;
  const format = {
    style: "unit",
    unit: isLarge ? "megabyte" : "kilobyte",
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(locale, format).format(bytes / (isLarge ? megabyte : 1_000));
}
