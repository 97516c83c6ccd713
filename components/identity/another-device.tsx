import { useState } from "react";
import { PageLink } from "../ui/page-link";
import { Sentence, useWords } from "../words/words";
import type { TransferCode } from "./account-requests";
import type { IdentityClient } from "./identity-client";
import { TransferOffer } from "./transfer-offer";
import { useProof } from "./use-proof";

type Offer =
  | { is: "none" }
  | { is: "making" }
  | ({ is: "made" } & TransferCode)
  | { is: "refused"; why: string | undefined };

type Props = Pick<IdentityClient, "transfer" | "isGood"> & { handle: string | undefined };

/** Makes a link that turns another device into this visitor. */
export function AnotherDevice({ handle, transfer, isGood }: Props) {
  const t = useWords();
  const { prove, form } = useProof(handle);
  const [offer, setOffer] = useState<Offer>({ is: "none" });

  async function make(): Promise<void> {
    if (offer.is === "making") return;
    setOffer({ is: "making" });
    const why = await prove(t("device.make"), async (password) => {
      const answer = await transfer(password);
      if (answer.ok) setOffer({ ...answer, is: "made" });
      else setOffer({ is: "none" });
      return answer;
    });
    if (why !== undefined) setOffer({ is: "refused", why });
  }

  const claim = <PageLink href="/me/claim">{t("device.claim")}</PageLink>;
  return (
    <section aria-labelledby="device-title" className="me-section">
      <h2 id="device-title">{t("device.title")}</h2>
      <p>{t("device.text")}</p>
      {offer.is === "made" && <TransferOffer key={offer.code} {...offer} isGood={isGood} />}
      {form || (
        <p className="me-actions">
          <button type="button" className="quiet-button" aria-disabled={offer.is === "making"} onClick={make}>
            {t(
              offer.is === "making" ? "device.making" : offer.is === "made" ? "device.again" : "device.make",
            )}
          </button>
          <span role="alert" className="form-error">
            {offer.is === "refused" && offer.why}
          </span>
        </p>
      )}
      <p className="me-aside">
        <Sentence of="device.have" values={{ claim }} />
      </p>
    </section>
  );
}
