/**
 * The candidate that a word was probably meant to be: the same but for its case, or few letters away for its length;
 * `undefined` where none is near or two are equally so.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const same = candidates.find((candidate) => candidate.toLowerCase() === lower);
  if (same !== undefined) return same;
  const limit = Math.min(3, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance === bestDistance) best = undefined;
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/**
 * The value of a list that a word was probably meant to be: near, or the only one that begins with it, contains it or
 * has it as its initials: `Rolling`, `rolling-update` and `RWO` stand for `RollingUpdate` and `ReadWriteOnce`.
 */
export function nearestValue(word: string, candidates: readonly string[]): string | undefined {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const plain = letters(word);
  if (plain === "") return undefined;
  const near = candidates.find((one) => letters(one) === plain) ?? nearest(word, candidates);
  if (near !== undefined || plain.length < 3) return near;
  return (
    only(candidates, (one) => letters(one).startsWith(plain)) ??
    only(candidates, (one) => plain.length > 3 && letters(one).includes(plain)) ??
    only(candidates, (one) => one.replace(/[^A-Z]/g, "").toLowerCase() === plain)
  );
}

/**
 * The field that a word was probably meant to be: near, or the only one that it is most of: `strategy` and
 * `storageClass` stand for `updateStrategy` and `storageClassName`.
 */
export function nearestField(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const isMostOf = (field: string) =>
    (lower.length >= 8 && field.toLowerCase().endsWith(lower)) ||
    (lower.length >= 5 && field.toLowerCase().startsWith(lower) && fieldEnds.has(field.slice(lower.length)));
  return nearest(word, candidates) ?? only(candidates, isMostOf);
}

const fieldEnds: ReadonlySet<string> = new Set(["Name", "Policy", "Ref", "Seconds", "Template", "Templates"]);

function only(candidates: readonly string[], isMeant: (candidate: string) => boolean): string | undefined {
  const [first, ...others] = candidates.filter(isMeant);
  return others.length === 0 ? first : undefined;
}

/** Letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
