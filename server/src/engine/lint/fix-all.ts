import { applyEdits, type TextEdit } from "../text/edit.js";
import { joinEdits } from "../text/pieces.js";

/** What all fixes do to a text, as edits of the text before any of them. */
export interface AllFixes {
  readonly edits: readonly TextEdit[];
  /** How many fixes that is. */
  readonly count: number;
}

/**
 * Applies the first of the fixes that `fixesOf` finds in a text, then those that it finds in the text after that, until
 * there are none. One at a time, since a fix is made for the text as it stands: two that each take one of the last two
 * keys out of a map would together leave `null`, which neither wants.
 */
export function fixAll(text: string, fixesOf: (text: string) => Iterable<readonly TextEdit[]>): AllFixes {
  const steps: (readonly TextEdit[])[] = [];
  for (let now = text; steps.length < mostFixes;) {
    const [fix] = fixesOf(now);
    if (fix === undefined) break;
    steps.push(fix);
    now = applyEdits(now, fix);
  }
  return { edits: joinEdits(text.length, steps), count: steps.length };
}

/** Fixes of a file that undo one another must end; no file that a person wrote has so many. */
const mostFixes = 1000;
