/** A drawing of a house with its eaves, the yard in front, a persimmon tree, and two people who have met there. */
export function Courtyard() {
  return (
    <svg
      viewBox="0 22 240 152"
      aria-hidden="true"
      className="courtyard"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M60 62c20 2 30-8 40-28h78c10 20 20 30 42 28M60 62c-2 5 2 8 8 8h146c6 0 10-3 6-8M100 34h78" />
      <path d="M84 70v46M116 70v46M162 70v46M198 70v46M74 116h134M70 124h142" />
      <path d="M123 78h14v38h-14zM141 78h14v38h-14zM130 78v38M148 78v38M123 90h14M123 102h14M141 90h14M141 102h14" />
      <path className="courtyard-ground" d="M12 160h216M40 170h150" />
      <path d="M36 160c2-22 0-40-4-58M34 128c-8-6-12-14-14-24M36 118c8-4 14-12 16-22M32 102c-4-8-4-16-2-24M26 117c-5 1-9 0-12-3" />
      <g className="courtyard-persimmons">
        <circle cx="20" cy="100" r="5" />
        <circle cx="30" cy="74" r="5" />
        <circle cx="53" cy="92" r="5" />
        <circle cx="42" cy="106" r="5" />
        <circle cx="12" cy="112" r="5" />
      </g>
      <g className="courtyard-host">
        <circle cx="118" cy="140" r="5" />
        <path d="M109 160c0-9 4-13 9-13s9 4 9 13" />
      </g>
      <g className="courtyard-guest">
        <circle cx="150" cy="140" r="5" />
        <path d="M141 160c0-9 4-13 9-13s9 4 9 13" />
      </g>
    </svg>
  );
}
