/** Reads LevelDB's numbers of variable length, and texts of a given length, one after another. */
export class FieldReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isOver(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The bytes that are not read yet. */
  get rest(): Buffer {
    return this.bytes.subarray(this.at);
  }

  number(): number {
    let value = 0;
    for (let factor = 1; this.at < this.bytes.length; factor *= 128) {
      const byte = this.bytes.readUInt8(this.at++);
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    return value;
  }

  take(length: number): Buffer {
    const taken = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }
}
