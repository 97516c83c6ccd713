import { useState } from "react";
import type { WireError } from "../../protocol/events";
import { PageLink } from "../ui/page-link";
import { Sentence, useWords } from "../words/words";
import type { TransferCode } from "./account-requests";
import type { IdentityClient } from "./identity-client";
import { TransferOffer } from "./transfer-offer";
import { useSaying } from "./use-saying";

type Offer =
  | { is: "none" }
  | { is: "making" }
  | ({ is: "made" } & TransferCode)
  | { is: "refused"; error: WireError };

/** A link that makes another device this visitor. */
export function AnotherDevice({ transfer, isGood }: Pick<IdentityClient, "transfer" | "isGood">) {
  const t = useWords();
  const say = useSaying();
  const [offer, setOffer] = useState<Offer>({ is: "none" });

  async function make(): Promise<void> {
    if (offer.is === "making") return;
    setOffer({ is: "making" });
    const answer = await transfer();
    setOffer(answer.ok ? { ...answer, is: "made" } : { is: "refused", error: answer.error });
  }

  const claim = <PageLink href="/me/claim">{t("device.claim")}</PageLink>;
  return (
    <section aria-labelledby="device-title" className="me-section">
      <h2 id="device-title">{t("device.title")}</h2>
      <p>{t("device.text")}</p>
      {offer.is === "made" && <TransferOffer key={offer.code} {...offer} isGood={isGood} />}
      <p className="me-actions">
        <button type="button" className="quiet-button" aria-disabled={offer.is === "making"} onClick={make}>
          {t(offer.is === "making" ? "device.making" : offer.is === "made" ? "device.again" : "device.make")}
        </button>
        <span role="alert" className="text-small text-alarm">
          {offer.is === "refused" && say.error(offer.error)}
        </span>
      </p>
      <p className="me-aside">
        <Sentence of="device.have" values={{ claim }} />
      </p>
    </section>
  );
}
