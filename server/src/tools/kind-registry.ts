/** The text of `kubernetes/kinds/registry.ts`, for files of these names in its folder or, with a path, elsewhere. */
export function kindRegistry(files: readonly string[]): string {
  return [
    "// Written by `npm run generate` from the files of this folder.",
    ...files.map((file) => `import ${variableName(file)} from "${file.startsWith(".") ? "" : "./"}${file}.js";`),
    "",
    "/** Every kind that something is known of. */",
    "export const kinds = [",
    ...files.map((file) => `  ${variableName(file)},`),
    "] as const;",
    "",
  ].join("\n");
}

/** `serviceAccount` of `service-account`. */
export function variableName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
