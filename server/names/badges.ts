/**
 * Signs by which readers know who speaks for a site: shields, as the page draws one beside owner and moderators, check marks of
 * the verified, and name tags. Fonts draw some of them in one colour, as the page draws its own.
 */
const badges = new RegExp(
  `[${[
    // Shields, and what is drawn in their shape: pieces of shogi, the beginner's leaf, a pentagon on its tip.
    "\\u{1f6e1}\\u26e8\\u26c9\\u26ca\\u2616\\u2617\\u{1f530}\\u2bc2",
    // Check marks, and a square root, which looks like one.
    "\\u2713\\u2714\\u2705\\u2611\\u{1f5f8}\\u{1f5f9}\\u237b\\u{10102}\\u{1fbb1}\\u221a\\u23b7",
    // A name tag, and an identity card.
    "\\u{1f4db}\\u{1faaa}",
  ].join("")}]`,
  "u",
);

/** Whether a name draws a badge. Selectors, joiners and marks beside it change nothing. */
export const drawsBadge = (name: string): boolean => badges.test(name.normalize("NFKC"));
