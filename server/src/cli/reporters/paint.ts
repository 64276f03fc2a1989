import { styleText } from "node:util";
import type { Io } from "../io.js";

type Style = Parameters<typeof styleText>[0];

/** Gives text a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_, text) => text;

/** `validateStream: false`: whether to colour is decided here, not by looking at the process's own output. */
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

/**
 * Colours where they are wanted: an option decides, then FORCE_COLOR, then NO_COLOR (no-color.org), as Node itself
 * ranks them, then whether the output is a terminal that can show them.
 */
export function paintFor(option: boolean | undefined, { env, stdout }: Io): Paint {
  return (option ?? environmentWantsColour(env) ?? stdout.isTerminal) ? coloured : plain;
}

function environmentWantsColour({ FORCE_COLOR, NO_COLOR, TERM }: Io["env"]): boolean | undefined {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if ((NO_COLOR !== undefined && NO_COLOR !== "") || TERM === "dumb") return false;
  return undefined;
}
