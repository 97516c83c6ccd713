import { GuardSection } from "./guard-section";
import { LiveSection } from "./live-section";
import { LogSection } from "./log-section";
import { OverviewSection } from "./overview-section";
import { ReportsSection } from "./reports-section";
import { RoomsSection } from "./rooms-section";
import { SanctionsSection } from "./sanctions-section";
import type { Place } from "./sections";
import { VisitorView } from "./visitor-view";
import { VisitorsSection } from "./visitors-section";

export function SectionView({ place: { section, visitor } }: { place: Place }) {
  switch (section) {
    case "reports":
      return <ReportsSection />;
    case "overview":
      return <OverviewSection />;
    case "live":
      return <LiveSection />;
    case "visitors":
      return visitor === undefined ? <VisitorsSection /> : <VisitorView key={visitor} visitor={visitor} />;
    case "sanctions":
      return <SanctionsSection />;
    case "rooms":
      return <RoomsSection />;
    case "guard":
      return <GuardSection />;
    case "log":
      return <LogSection />;
  }
}
