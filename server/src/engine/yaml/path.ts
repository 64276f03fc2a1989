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

/** The path that `formatPath` writes so. An index in brackets is one, whatever a key may look like. */
export function parsePath(text: string): Path {
  const [plain = "", ...bracketed] = text.split("[");
  return [
    ...words(plain),
    ...bracketed.flatMap((part) => {
      const end = part.indexOf("]");
      const step = end === -1 ? part : part.slice(0, end);
      return [/^\d+$/.test(step) ? Number(step) : step, ...words(end === -1 ? "" : part.slice(end + 1))];
    }),
  ];
}

function words(text: string): readonly string[] {
  return text.split(".").filter((word) => word !== "");
}
