/** What is used of gifenc 1.0.3, which has no types of its own. */
declare module "gifenc" {
  /** Red, green and blue, 0 to 255 each. */
  type Colour = readonly [number, number, number];

  interface Encoder {
    /** One frame: a palette index for each pixel, row by row. `delay` is in milliseconds. */
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: {
        readonly palette: readonly Colour[];
        readonly transparent: boolean;
        readonly transparentIndex: number;
        readonly delay: number;
        readonly dispose: number;
      },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }

  const gifenc: {
    GIFEncoder(): Encoder;
    /** The colours that come closest to those of an RGBA picture. */
    quantize(rgba: Uint8Array, colours: number): readonly Colour[];
    applyPalette(rgba: Uint8Array, palette: readonly Colour[]): Uint8Array;
  };
  export default gifenc;
}
