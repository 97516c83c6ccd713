import { CopyText } from "../ui/copy-text";
import { useWords } from "../words/words";
import type { TransferCode } from "./account-requests";
import type { IdentityClient } from "./identity-client";
import { QrCode } from "./qr-code";
import { transferLink } from "./transfer-link";
import { useIsUsed } from "./use-is-used";
import { useNow } from "./use-now";

const minuteMs = 60_000;

type Props = TransferCode & Pick<IdentityClient, "isGood">;

/** The code as a QR code, a link and text, for as long as it is valid. */
export function TransferOffer({ code, expiresAt, isGood }: Props) {
  const t = useWords();
  const leftMs = expiresAt - useNow(true);
  const isUsed = useIsUsed(code, isGood);
  const link = transferLink(code);
  if (isUsed || leftMs <= 0)
    return (
      <p role="status" className="offer-over">
        {t(isUsed ? "device.used" : "device.over")}
      </p>
    );
  return (
    <div className="offer">
      <QrCode text={link} label={t("device.qr")} />
      <dl>
        <div>
          <dt>{t("device.link")}</dt>
          <dd className="offer-link">{link}</dd>
          <dd>
            <CopyText label={t("device.copy")} doneLabel={t("device.copied")} text={link} />
          </dd>
        </div>
        <div>
          <dt>{t("device.code")}</dt>
          <dd className="offer-code">{code}</dd>
        </div>
        <div>
          <dt className="visually-hidden">{t("device.time")}</dt>
          <dd className="fine-print">{t("device.left", { count: Math.ceil(leftMs / minuteMs) })}</dd>
        </div>
      </dl>
    </div>
  );
}
