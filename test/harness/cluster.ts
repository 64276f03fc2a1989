import { createServer } from "node:http";

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
