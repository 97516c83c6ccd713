import { useWords } from "../words/words";

type Props = { error: string | undefined; isSending: boolean; action: string; onCancel: () => void };

/** The end of a form: the error that belongs to no field, and the buttons. */
export function FormEnd({ error, isSending, action, onCancel }: Props) {
  const t = useWords();
  return (
    <>
      <p role="alert" className="form-error">
        {error}
      </p>
      <div className="me-actions">
        <button type="submit" className="pill-button" aria-disabled={isSending}>
          {isSending ? t("me.waiting") : action}
        </button>
        <button type="button" className="text-button" onClick={onCancel}>
          {t("me.cancel")}
        </button>
      </div>
    </>
  );
}
