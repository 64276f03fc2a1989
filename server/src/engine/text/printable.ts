// Control characters, lone surrogates, noncharacters, line separators, and the marks that hide text or reverse its
// direction.
const unprintable = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]/gu;

/** A manifest's text as one line that cannot pretend to be another, nor command a terminal: `\u001b` for Escape. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** The same for finished JSON: between its line breaks; what it says stays the same. */
export function printableJson(json: string): string {
  return json.replace(unprintable, (character) => (character === "\n" ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
