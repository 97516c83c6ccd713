import { useWords } from "../words/words";

type ButtonsProps = { isSending: boolean; action: string; onCancel: () => void };

/** The end of a form: the error that belongs to no field, and the buttons. */
export function FormEnd({ error, ...buttons }: ButtonsProps & { error: string | undefined }) {
  return (
    <>
      <p role="alert" className="form-error">
        {error}
      </p>
      <FormButtons {...buttons} />
    </>
  );
}

export function FormButtons({ isSending, action, onCancel }: ButtonsProps) {
  const t = useWords();
  return (
    <div className="me-actions">
      <button type="submit" className="pill-button" aria-disabled={isSending}>
        {isSending ? t("me.waiting") : action}
      </button>
      <button type="button" className="text-button" onClick={onCancel}>
        {t("me.cancel")}
      </button>
    </div>
  );
}
