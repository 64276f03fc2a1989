import { withoutView, type KindDescriptor, type OtherDigest, type OtherResource } from "../kind.js";
import { dataKeys, dataRefusals } from "../validation/data.js";

const configMap: KindDescriptor<OtherResource, OtherDigest> = {
  ...withoutView,
  group: "",
  kind: "ConfigMap",
  digest: ({ place }) => ({ kind: "other", dataKeys: dataKeys(place) }),
  // ValidateConfigMap (pkg/apis/core/validation/validation.go, Kubernetes 1.36)
  refusals: ({ place }) => dataRefusals(place),
  references: [],
  skeletons: [
    {
      label: "ConfigMap",
      detail: "settings of an application",
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: {1:app}
data:
  {2:application.conf}: |
    {3:key = value}
`,
      documentation: "Files or variables that pods read.",
    },
  ],
};
export default configMap;
