/**
 * Why the kubelet cannot read the name of an image, in words; `undefined` where it can, or where the text may be a form
 * to fill in (`PROJECT/IMAGE`, `<registry>/db`). The kubelet reads names with ParseNormalizedNamed
 * (https://github.com/distribution/reference/blob/v0.6.0/normalize.go, called by applyDefaultImageTag in
 * pkg/kubelet/images/image_manager.go, Kubernetes 1.36); only common mistakes are reported.
 */
export function imageProblem(image: string): string | undefined {
  if (/^https?:\/\//.test(image)) return "a name begins with the registry, without `https://`";
  if (!/^[\w.:/@+-]+$/.test(image)) return undefined;
  const [name = "", digest = ""] = image.split("@");
  const slash = name.indexOf("/");
  const path = name.slice(hasHost(name, slash) ? slash + 1 : 0);
  const [repository = "", tag = ""] = path.split(":");
  const parts = repository.split("/");
  // `PROJECT_ID`, `IMAGE`: a script or a reader replaces them.
  if ([name.slice(0, Math.max(slash, 0)), ...parts, tag].some((part) => /^[A-Z][A-Z0-9_]*$/.test(part)))
    return undefined;
  if (slash !== -1 && /[A-Z]/.test(repository)) return "the repository must be in lower case";
  if (/^\w[\w.+-]*$/.test(tag) && tag.includes("+")) return "a tag cannot have a `+`";
  // digestset of https://github.com/opencontainers/go-digest/blob/v1.0.0/algorithm.go
  const hex = /^sha256:([0-9a-f]+)$/.exec(digest)?.[1];
  return hex !== undefined && hex.length !== 64
    ? `a \`sha256\` digest has 64 characters, this one has ${hex.length}`
    : undefined;
}

/** splitDockerDomain: what is before the first slash is a host if it looks like one. It may have capitals. */
function hasHost(name: string, slash: number): boolean {
  return slash !== -1 && /[.:A-Z]|^localhost$/.test(name.slice(0, slash));
}
