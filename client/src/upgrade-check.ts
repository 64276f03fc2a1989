import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  ProgressLocation,
  Range,
  Uri,
  window,
  workspace,
  commands,
  type QuickPickItem,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  upgradeRequest,
  upgradeTargetsRequest,
  type UpgradeChange,
  type UpgradeParams,
  type UpgradeResult,
  type UpgradeTargets,
} from "../../server/src/protocol/protocol.js";
import { counted } from "./counted.js";
import { offer } from "./offer.js";

/** What an upgrade changes, in the Problems panel until the user removes it. */
export interface UpgradeCheck extends Disposable {
  /** Asks for the release unless it is given, as `1.37`. */
  run(to?: string): Promise<void>;
  clear(): void;
}

/** Each saved file is checked again as long as the result is shown. */
export function createUpgradeCheck(client: BaseLanguageClient): UpgradeCheck {
  const shown = languages.createDiagnosticCollection("ordinal upgrade");
  let target: string | undefined;

  const check = async (to: string): Promise<Extract<UpgradeResult, { type: "changes" }> | undefined> => {
    target = to;
    const params: UpgradeParams = { to };
    const result: UpgradeResult = await client.sendRequest(upgradeRequest, params);
    // Something else was asked for meanwhile, or nothing any more.
    if (target !== to) return undefined;
    if (result.type === "refused") {
      clear();
      void window.showErrorMessage(`The upgrade was not checked: ${result.reason}.`);
      return undefined;
    }
    shown.clear();
    for (const { uri, changes } of result.files) {
      shown.set(
        client.protocol2CodeConverter.asUri(uri),
        changes.map((change) => toDiagnostic(change, to)),
      );
    }
    await setContext(true);
    return result;
  };
  const clear = (): void => {
    target = undefined;
    shown.clear();
    void setContext(false);
  };

  const saves = workspace.onDidSaveTextDocument(() => {
    if (target !== undefined && client.isRunning()) void check(target);
  });
  return {
    async run(given) {
      if (!client.isRunning()) await client.start();
      const to = given ?? (await chooseRelease(await client.sendRequest(upgradeTargetsRequest, {})));
      if (to === undefined) return;
      const title = `Checking the upgrade to Kubernetes ${to}`;
      const result = await window.withProgress({ location: ProgressLocation.Window, title }, () => check(to));
      if (result !== undefined) report(result, to, clear);
    },
    clear,
    dispose: () => Disposable.from(shown, saves).dispose(),
  };
}

async function chooseRelease({ current, targets }: UpgradeTargets): Promise<string | undefined> {
  const items = targets.map(({ release, isKnown }): QuickPickItem & { readonly release: string } => ({
    label: `Kubernetes ${release}`,
    description: isKnown ? "" : "not known yet: checked as the newest release that Ordinal knows",
    release,
  }));
  // Enter takes the newest release that is known.
  const [next, ...known] = items;
  const ordered = next === undefined ? [] : [...known, next];
  const picked = await window.showQuickPick(ordered, {
    title: "Check an upgrade of Kubernetes",
    placeHolder: current.length === 0 ? "Upgrade to" : `The manifests are for ${current.join(", ")}. Upgrade to`,
  });
  return picked?.release;
}

/** Says what was checked, and opens the list. */
function report(result: Extract<UpgradeResult, { type: "changes" }>, to: string, clear: () => void): void {
  const count = result.files.reduce((sum, { changes }) => sum + changes.length, 0);
  const from = result.from.length === 0 ? "" : ` from ${result.from.join(", ")}`;
  const upgrade = `The upgrade${from} to Kubernetes ${to}`;
  const note = result.note === undefined ? "" : ` ${result.note}.`;
  if (count === 0) {
    void window.showInformationMessage(`${upgrade} changes nothing for these manifests.${note}`);
    return;
  }
  void commands.executeCommand("workbench.actions.view.problems");
  const [places, files] = [counted(count, "place"), counted(result.files.length, "file")];
  const message = `${upgrade} changes something in ${places} of ${files}: see the Problems panel.${note}`;
  void offer(message, "Clear", clear);
}

function toDiagnostic({ severity, rule, text, source, start, end }: UpgradeChange, to: string): Diagnostic {
  const range = new Range(start.line, start.character, end.line, end.character);
  const diagnostic = new Diagnostic(range, text, severities[severity]);
  diagnostic.source = `ordinal, upgrade to ${to}`;
  diagnostic.code = { value: rule, target: Uri.parse(source, true) };
  return diagnostic;
}

const severities: Readonly<Record<UpgradeChange["severity"], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Whether there is something to clear, for the command palette. */
function setContext(isShown: boolean): Thenable<unknown> {
  return commands.executeCommand("setContext", "ordinal.hasUpgradeCheck", isShown);
}
