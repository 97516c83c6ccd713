import { memo } from "react";
import { encode } from "uqr";

/** The quiet zone that a reader needs, in modules (ISO/IEC 18004). */
const quiet = 4;

/** Dark on light in both themes: many readers cannot read it inverted. The countdown beside it does not redraw it. */
export const QrCode = memo(function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = encode(text, { ecc: "M", border: 0 });
  const side = size + 2 * quiet;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-quiet} ${-quiet} ${side} ${side}`}
      shapeRendering="crispEdges"
      className="qr-code"
    >
      <path d={data.map(rowPath).join("")} />
    </svg>
  );
});

const rowPath = (row: boolean[], y: number): string =>
  row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")).join("");
