import type { Place } from "../../yaml/place.js";

/**
 * What fields mean with the values in front of the reader, a paragraph each; none where too little is known. By the
 * field's path, as in `FieldDocs`. Whatever comes from a manifest is put in through `words/markdown.ts`. `S` is what the
 * facts speak about.
 */
export type FieldFacts<S> = Readonly<Record<string, (subject: S, field: Place) => readonly string[]>>;
