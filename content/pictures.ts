import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { imageSize } from "image-size";
import { within } from "./folder";

/** A picture of the owner's, with its address and its size in pixels. */
export type Picture = { src: string; width: number; height: number };

/**
 * Measures a picture in `site/public/` by its address, such as `/yard.jpg`. Returns a sentence's end that says why it
 * cannot be shown.
 */
export function measurePicture(folder: string, src: string): Picture | string {
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(src))
    return "is on another site, from which this site’s pages load nothing: put the file into site/public";
  if (!src.startsWith("/")) return "must begin with a slash: /yard.jpg is the file site/public/yard.jpg";
  const file = fileOf(folder, src);
  if (file === undefined || !existsSync(/*turbopackIgnore: true*/ file))
    return `does not exist: there is no site/public${src}`;
  try {
    const { width, height, orientation = 1 } = imageSize(readFileSync(/*turbopackIgnore: true*/ file));
    // From 5 on a camera was held upright: the browser turns the picture.
    const [across, down] = orientation >= 5 ? [height, width] : [width, height];
    return { src, width: Math.round(across), height: Math.round(down) };
  } catch {
    return `has no size that can be read: is site/public${src} a picture?`;
  }
}

/** Undefined for an address that leads out of the folder, or that cannot be decoded. */
export function fileOf(folder: string, address: string): string | undefined {
  const root = within(folder, "public");
  try {
    const file = within(root, decodeURIComponent(address.split(/[?#]/)[0] ?? ""));
    return file.startsWith(root + path.sep) ? file : undefined;
  } catch {
    return undefined;
  }
}
