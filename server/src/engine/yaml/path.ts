/** The way from a document's root to a value: keys and indexes. */
export type Path = readonly (string | number)[];

/** As Kubernetes writes it: `spec.template.spec.containers[0].name`; keys that are not plain words go in brackets. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z0-9_$-]+$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${step}]`;
  }
  return text;
}
