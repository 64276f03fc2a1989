import { extensions, workspace } from "vscode";

/**
 * What Red Hat's YAML extension reports of manifests, which Ordinal then leaves to it. By itself it knows no schema of
 * Kubernetes: the user names one in `yaml.schemas` (`kubernetes`, or an address), or Microsoft's Kubernetes extension does.
 */
export function otherValidators(): { readonly yamlExtension: boolean; readonly yamlParser: boolean } {
  const yaml = workspace.getConfiguration("yaml");
  if (extensions.getExtension("redhat.vscode-yaml") === undefined || yaml.get("validate") === false)
    return { yamlExtension: false, yamlParser: false };
  const knowsSchemas =
    extensions.getExtension("ms-kubernetes-tools.vscode-kubernetes-tools") !== undefined ||
    Object.keys(yaml.get<object>("schemas") ?? {}).some((schema) => /kubernetes|k8s/i.test(schema));
  return { yamlExtension: knowsSchemas, yamlParser: true };
}
