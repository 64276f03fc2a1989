/** Why a tool did not build something. */
export interface FailedBuild {
  /** One line of what the tool says. */
  readonly reason: string;
  readonly place?: FailurePlace | undefined;
}

/** A line of a file that a tool's message is about. */
export interface FailurePlace {
  readonly uri: string;
  /** 1-based; `undefined` where only the file is known. */
  readonly line: number | undefined;
}

/** `base/kustomization.yaml:3: ...`: why a build failed, and where; `nameOf` says what a reader calls a file. */
export function failureText({ reason, place }: FailedBuild, nameOf: (uri: string) => string): string {
  if (place === undefined) return reason;
  const line = place.line === undefined ? "" : `:${place.line}`;
  return `${nameOf(place.uri)}${line}: ${reason}`;
}

/** Why nothing is built where a tool is not installed. */
export const missingTool = {
  kustomize: "neither kustomize nor kubectl is on the PATH",
  helm: "helm is not on the PATH",
} as const;
