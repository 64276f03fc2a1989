/**
 * How a run of `ordinal` ended, as ESLint and ruff have it: `clean`, or `findings` of severity warning or above;
 * `trouble` where something that was asked for could not be done, because of the input or because a part of Ordinal
 * failed, whatever else was found.
 */
export const exitCodes = { clean: 0, findings: 1, trouble: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Takes how a command ended. */
export type End = (code: ExitCode) => void;

/** What was asked for cannot be done as it was asked; the message is a sentence for the user, without a dot. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
