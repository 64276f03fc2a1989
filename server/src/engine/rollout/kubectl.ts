/** Which objects the commands of a runbook are about. */
export interface Subject {
  /** Of the StatefulSet. */
  readonly name: string;
  readonly namespace: string | undefined;
}

/** `kubectl` with these words and the subject's namespace, ready for a POSIX shell. */
export function kubectl({ namespace }: Pick<Subject, "namespace">, ...words: readonly string[]): string {
  const flags = namespace === undefined ? [] : ["--namespace", namespace];
  return ["kubectl", ...[...words, ...flags].map(quoted)].join(" ");
}

/** A word that the shell takes as it is; anything else in single quotes. */
export function quoted(word: string): string {
  return /^[\w.:/=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
