/** Outlines on a 20 × 20 grid. */
const paths = {
  half: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M4 16l1.4-1.4M14.6 5.4 16 4",
  moon: "M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z",
  send: "M3.5 10 16.5 4 13 16l-3-5z M10 11l6.5-7",
  people:
    "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2 16.5c.4-3 2.5-4.5 5.5-4.5s5.1 1.5 5.5 4.5M13 4a2.7 2.7 0 0 1 0 5.2M15 12.3c1.7.6 2.7 2 3 4.2",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  back: "M12.5 4 6.5 10l6 6",
  close: "M5 5l10 10M15 5 5 15",
  reply: "M8 5 3.5 9.5 8 14M4 9.5h7c3 0 5 1.5 5.5 5",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3l-.9.9M11.5 8.5a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l.9-.9",
  check: "M4 10.5 8.5 15 16 6",
  down: "M10 4v12M5 11l5 5 5-5",
  copy: "M7 7V3.5h9.5V13H13M3.5 7H13v9.5H3.5z",
  bin: "M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5",
  hide: "M2.5 10c1.8-3.2 4.4-4.8 7.5-4.8s5.7 1.6 7.5 4.8c-1.8 3.2-4.4 4.8-7.5 4.8S4.3 13.2 2.5 10M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4M4 16 16 4",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  talk: "M3 4.5h14v9H9.5L6 16.5v-3H3z",
  pencil: "M4 16l.8-3.6L13 4.2 15.8 7l-8.2 8.2zM11.2 6l2.8 2.8",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" className="icon">
      <path d={paths[name]} />
    </svg>
  );
}
