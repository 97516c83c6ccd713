import type { Overview } from "../../protocol/events";
import css from "../../styles/owner/staff-list.module.css";
import { useWords } from "../words/words";
import { VisitorName } from "./visitor-name";

/** The visitors with roles, for the owner to check: a stolen key may have been used to make moderators. */
export function StaffList({ staff }: { staff: NonNullable<Overview["staff"]> }) {
  const t = useWords();
  return (
    <div className={css.staff}>
      <h3 id="owner-staff" className={css.title}>
        {t("owner.staff")}
      </h3>
      <p className={css.lead}>{t("owner.staff.lead")}</p>
      <ul aria-labelledby="owner-staff" className={css.list}>
        {staff.map(({ id, role }) => (
          <li key={id}>
            <VisitorName id={id} role={role} />
          </li>
        ))}
      </ul>
    </div>
  );
}
