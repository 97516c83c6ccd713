import type { Locator } from "@playwright/test";
import jsqr from "jsqr";

type Pixels = { data: number[]; width: number; height: number };

/** Decodes a picture on the page as a camera would, from a screenshot. */
export async function readQr(picture: Locator): Promise<string | undefined> {
  const shot = (await picture.screenshot()).toString("base64");
  const { data, width, height } = await picture.page().evaluate(async (png): Promise<Pixels> => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0);
    const { width, height } = canvas;
    return { data: [...context.getImageData(0, 0, width, height).data], width, height };
  }, shot);
  // A CommonJS module: the place of its default export differs between loaders.
  const read = ("default" in jsqr ? jsqr.default : jsqr) as typeof jsqr;
  return read(Uint8ClampedArray.from(data), width, height)?.data;
}
