import { siteFolder } from "./folder";
import { findPublicFile } from "./public-files";
import type { Site } from "./site";

type IconLink = { rel: string; href: string; sizes?: string; type?: string };
type AppIcon = { src: string; sizes: string; type?: string; purpose: "any" | "maskable" };

const links: readonly IconLink[] = [
  { rel: "icon", href: "/favicon.ico", sizes: "32x32" },
  { rel: "icon", href: "/icon.svg", type: "image/svg+xml" },
  { rel: "apple-touch-icon", href: "/apple-touch-icon.png" },
];

const appIcons: readonly AppIcon[] = [
  { src: "/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
  { src: "/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
  { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
  { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
];

/**
 * The pictures that stand for the site in tabs and on home screens. A site with a logo has the logo, and of the program's
 * files only those that the owner's `public/` replaces: another sign beside the owner's would be a foreign one.
 */
export function iconsOf({ logo }: Pick<Site, "logo">): { links: IconLink[]; app: AppIcon[] } {
  if (logo === undefined) return { links: [...links], app: [...appIcons] };
  const isOwners = (address: string) => findPublicFile(siteFolder(), address) !== undefined;
  const { src, width, height } = logo;
  const isDrawing = src.endsWith(".svg");
  const sizes = isDrawing ? "any" : `${width}x${height}`;
  return {
    links: [{ rel: "icon", href: src, sizes }, ...links.filter(({ href }) => isOwners(href))],
    app: [{ src, sizes, purpose: "any" }, ...appIcons.filter((icon) => isOwners(icon.src))],
  };
}
