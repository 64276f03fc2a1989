import type { Path } from "./path.js";

/** A value as JSON has it. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A change to a document's structure; `patch.ts` turns it into changes of the text. */
export type Edit =
  /**
   * Gives the path this value; maps on the way that are missing or null are made. A list's item must be there, or be
   * the next one.
   */
  | { readonly op: "set"; readonly path: Path; readonly value: Plain }
  /** Takes the key or the item away; what is not there stays so. */
  | { readonly op: "remove"; readonly path: Path }
  /** Gives the last key of the path another name; its value and its place among the keys stay. */
  | { readonly op: "rename"; readonly path: Path; readonly to: string }
  /**
   * Adds an item to the end of the list at the path, unless an equal one is there. A list that is missing or null is
   * made.
   */
  | { readonly op: "insert"; readonly path: Path; readonly value: Plain };
