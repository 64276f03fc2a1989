// Stands in for VS Code: gives the page its theme and keeps what it says in `window.posted`, the kind of
// its last message also in an attribute that a test can wait for.
const theme = new URLSearchParams(location.search).get("theme") ?? "dark";
document.documentElement.classList.add(`theme-${theme}`);
document.body.classList.add(`vscode-${theme}`);
if (theme === "high-contrast-light") document.body.classList.add("vscode-high-contrast"); // as VS Code does

window.posted = [];
window.acquireVsCodeApi = () => ({
  postMessage(message) {
    window.posted.push(message);
    document.body.dataset.posted = message.format ?? message.type;
    if (message.type === "ready" && window.posted.length === 1) window.postMessage(example, "*");
  },
  getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null"),
  setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
});

/** Shown until a test shows something else: a partitioned update of five pods. */
const ledger = {
  name: "ledger",
  namespace: "prod",
  revision: "ledger:4.2.0",
  replicas: 5,
  updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
  claims: ["journal"],
  timing: {
    containers: [{ readinessProbe: { initialDelaySeconds: 10, periodSeconds: 5 } }],
    preStopSleepSeconds: 10,
    terminationGracePeriodSeconds: 20,
  },
};
const example = {
  type: "show",
  source: { uri: "file:///ledger.yaml", index: 0, name: "ledger" },
  release: { minor: 36 },
  featureGates: {},
  opened: ledger,
  saved: ledger,
  now: { ...ledger, revision: "ledger:4.3.0" },
};
