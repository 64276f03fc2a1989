import { createServer, type Server } from "node:http";

/** A cluster, as far as `kubectl version` sees it. */
export interface Cluster {
  /** The text of a kubeconfig whose current context is this cluster. */
  readonly kubeconfig: string;
  readonly close: () => void;
}

/** Answers at `/version` as an API server of that version; with an error where there is none. */
export async function clusterOf(gitVersion: string | undefined): Promise<Cluster> {
  const server = createServer(({ url }, response) => {
    const isKnown = url?.split("?")[0] === "/version" && gitVersion !== undefined;
    response.writeHead(isKnown ? 200 : 503, { "content-type": "application/json" });
    response.end(isKnown ? JSON.stringify({ major: "1", minor: gitVersion.split(".")[1], gitVersion }) : "{}");
  });
  return listening(server);
}

/** What an API server is asked, and what it answers: `undefined` where it has nothing there. */
export type Answers = (path: string) => { readonly status: number; readonly body: unknown } | undefined;

/** An API server that a real kubectl can read sets, pods, claims and revisions from; `asked` gets `GET /path`. */
export async function liveCluster(answers: Answers, asked: string[] = []): Promise<Cluster> {
  const discovery: Readonly<Record<string, unknown>> = {
    "/api": { kind: "APIVersions", versions: ["v1"] },
    "/apis": {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: [{ name: "apps", versions: [appsVersion], preferredVersion: appsVersion }],
    },
    "/api/v1": resourceList("v1", { pods: "Pod", persistentvolumeclaims: "PersistentVolumeClaim" }),
    "/apis/apps/v1": resourceList("apps/v1", {
      statefulsets: "StatefulSet",
      controllerrevisions: "ControllerRevision",
    }),
  };
  const server = createServer(({ method, url = "" }, response) => {
    const [path = ""] = url.split("?");
    const known = discovery[path];
    const { status, body } = known === undefined ? (answers(path) ?? notFound(path)) : { status: 200, body: known };
    if (known === undefined) asked.push(`${method} ${path}`);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  return listening(server);
}

const appsVersion = { groupVersion: "apps/v1", version: "v1" };

function resourceList(groupVersion: string, kinds: Readonly<Record<string, string>>): unknown {
  const resources = Object.entries(kinds).map(([name, kind]) => ({
    name,
    singularName: kind.toLowerCase(),
    namespaced: true,
    kind,
    verbs: ["get", "list"],
  }));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

/** As the API server answers for an object of apps/v1 that is not there. */
function notFound(path: string): { readonly status: number; readonly body: unknown } {
  const name = path.split("/").at(-1);
  return { status: 404, body: failure(404, "NotFound", `statefulsets.apps "${name}" not found`) };
}

/** A `Status` of the API server. */
export function failure(code: number, reason: string, message: string): unknown {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
}

async function listening(server: Server): Promise<Cluster> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    kubeconfig: kubeconfigFor(port),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The text of a kubeconfig for an API server at this port. */
export function kubeconfigFor(port: number): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "test", user: {} }],
  });
}
