/** The bytes of a text in UTF-8. */
export function* utf8(text: string): Generator<number> {
  for (const one of text) {
    const point = one.codePointAt(0) ?? 0;
    if (point < 0x80) {
      yield point;
      continue;
    }
    const following = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    yield ((0xf00 >> (following + 1)) % 0x100) | (point >> (6 * following));
    for (let index = following - 1; index >= 0; index--) yield 0x80 | ((point >> (6 * index)) & 0x3f);
  }
}
