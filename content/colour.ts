/** `chroma` is 0 for a grey; `hue` is an angle. */
type Oklch = { lightness: number; chroma: number; hue: number };

/** Linear light, each 0 to 1 within what a screen shows. */
type Light = [red: number, green: number, blue: number];

const channelsOf = (hex: string): Light => {
  const long = hex.length === 4 ? hex.replace(/[\da-f]/gi, "$&$&") : hex;
  const channel = (at: number) => linear(Number.parseInt(long.slice(at, at + 2), 16) / 255);
  return [channel(1), channel(3), channel(5)];
};

const linear = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const encoded = (value: number): number =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;

/** The contrast of two colours such as `#ad400c`, 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [darker = 0, brighter = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (brighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = channelsOf(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** https://bottosson.github.io/posts/oklab: in all hues equal steps of lightness look equal. */
export function toOklch(hex: string): Oklch {
  const [red, green, blue] = channelsOf(hex);
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  return {
    lightness: 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    chroma: Math.hypot(a, b),
    hue: Math.atan2(b, a),
  };
}

/** As `#ad400c`. A colour that no screen shows becomes a greyer one of the same lightness and hue. */
export function toHex({ lightness, chroma, hue }: Oklch): string {
  const isShown = (light: Light) => light.every((value) => value > -0.0005 && value < 1.0005);
  let at = chroma;
  while (at > 0.001 && !isShown(lightOf({ lightness, chroma: at, hue }))) at *= 0.97;
  const light = lightOf({ lightness, chroma: at, hue });
  const byte = (value: number) => Math.round(Math.min(1, Math.max(0, encoded(Math.max(0, value)))) * 255);
  return `#${light.map((value) => byte(value).toString(16).padStart(2, "0")).join("")}`;
}

function lightOf({ lightness, chroma, hue }: Oklch): Light {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}
