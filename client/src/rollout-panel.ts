import {
  env,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type Memento,
  type WebviewOptions,
  type WebviewPanel,
  type WebviewPanelOptions,
} from "vscode";
import { read } from "../../server/src/engine/rollout/schema.js";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import type { FieldResult } from "../../server/src/protocol/protocol.js";
import { buildOf, directoryOf, labelOf } from "./built.js";
import { followCursor } from "./cursor-field.js";
import { chooseFormer, followFormer } from "./former-file.js";
import { panelHtml } from "./panel-page.js";
import { titleAmong, type Titled } from "./panel-titles.js";
import { followTarget } from "./preview-target.js";
import type { RolloutAnswer, RolloutAnswers } from "./rollout-answers.js";
import { choices } from "./webview/choices.js";
import { pageMemory, toHost, type ToHost, type ToPage } from "./webview/messages.js";
import { previewSource, type FormerFile, type PreviewSource } from "./webview/preview-source.js";

/** package.json activates the extension when a panel of this type is to be restored. */
const viewType = "ordinal.rollout";

export interface RolloutPanels extends Disposable {
  /** Opens the preview of a StatefulSet beside the editor, or brings up the one that is open. */
  show(source: PreviewSource): Promise<void>;
}

/** `memory` keeps what was chosen for each StatefulSet. */
export function createRolloutPanels(extensionUri: Uri, answers: RolloutAnswers, memory: Memento): RolloutPanels {
  const pageRoot = Uri.joinPath(extensionUri, "dist", "webview");
  const options: WebviewOptions & WebviewPanelOptions = {
    enableScripts: true,
    enableFindWidget: true,
    localResourceRoots: [pageRoot],
  };
  const open = new Set<OpenPanel>();

  const retitle = (): void => {
    const all = [...open].map((one) => ({ panel: one.panel, titled: one.titled() }));
    const titles = all.map(({ titled }) => titled);
    for (const { panel, titled } of all) panel.title = titleAmong(titled, titles);
  };
  const attach = (panel: WebviewPanel, source: PreviewSource, opened: WrittenSpec | undefined): void => {
    const one = fillPanel(panel, pageRoot, answers, memory, source, opened, retitle);
    open.add(one);
    retitle();
    panel.onDidDispose(() => {
      open.delete(one);
      one.dispose();
      retitle();
    });
  };

  const serializer = window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const known = read(pageMemory, state);
      if (known === undefined) return panel.dispose();
      panel.webview.options = options;
      attach(panel, known.source, known.opened);
    },
  });

  return {
    async show(source) {
      const existing = [...open].find((one) => isSame(one.source(), source));
      if (existing !== undefined) {
        existing.panel.reveal();
        return;
      }
      const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      attach(window.createWebviewPanel(viewType, "Rollout", column, options), source, undefined);
    },
    // The panels themselves stay, so that they are restored when the extension host or the window starts again.
    dispose() {
      serializer.dispose();
      for (const one of open) one.dispose();
    },
  };
}

type Show = Extract<ToPage, { readonly type: "show" }>;

interface OpenPanel extends Disposable {
  readonly panel: WebviewPanel;
  /** What it shows at present. */
  source(): PreviewSource;
  titled(): Titled;
}

/**
 * Puts the page into a panel and tells it of the StatefulSet and each change of it. `opened` is what the file said when
 * the panel was first opened; `undefined` if that is now. Calls back where it may want another title.
 */
function fillPanel(
  panel: WebviewPanel,
  pageRoot: Uri,
  answers: RolloutAnswers,
  memory: Memento,
  first: PreviewSource,
  openedBefore: WrittenSpec | undefined,
  renamed: () => void,
): OpenPanel {
  const { webview } = panel;
  const uri = Uri.parse(first.uri, true);
  let source = first;
  let opened = openedBefore;
  let saved: WrittenSpec | undefined;
  let shown: Omit<Show, "former"> | undefined;
  /** After what was shown last: it cannot be read any more. */
  let stale: ToPage | undefined;
  let former: FormerFile | undefined;
  let cursor: FieldResult = null;

  const send = (message: ToPage): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's own method, which has none.
    void webview.postMessage(message);
  };
  const sendShown = (): void => {
    if (shown !== undefined) send({ ...shown, former });
    if (stale !== undefined) send(stale);
  };
  const sendCursor = (): void => {
    send({ type: "cursor", field: cursor?.index === source.index ? cursor.field : undefined });
  };

  const update = (result: RolloutAnswer): void => {
    const target = followTarget(result.statefulSets, source);
    if (target?.written === undefined) {
      const missing = `${source.name} is not in the manifest at this moment`;
      stale = { type: "stale", reason: target?.unreadable ?? result.problem ?? missing };
      send(stale);
      return;
    }
    const now = target.written;
    if (!isDirty(uri)) saved = now;
    opened ??= saved ?? now;
    source = { uri: first.uri, index: target.index, name: target.name };
    shown = {
      type: "show",
      source,
      release: result.release,
      featureGates: result.featureGates,
      now,
      opened,
      saved: saved ?? opened,
    };
    stale = undefined;
    sendShown();
    renamed();
  };

  let followingFormer: Disposable | undefined;
  const compareWith = (chosen: PreviewSource): void => {
    followingFormer?.dispose();
    followingFormer = followFormer(answers, chosen, (told) => {
      former = told;
      sendShown();
    });
  };

  const receive = async (message: ToHost): Promise<void> => {
    switch (message.type) {
      case "ready": {
        // The page also starts anew when the panel is hidden and shown, or moved to another window.
        const remembered = read(choices, memory.get(memoryKey(source)));
        if (remembered !== undefined) send({ type: "choices", choices: remembered });
        sendShown();
        sendCursor();
        return;
      }
      case "chooseFormer": {
        const chosen = await chooseFormer(answers, source);
        if (chosen === undefined) return;
        compareWith(chosen);
        send({ type: "formerChosen" });
        return memory.update(formerKey(source), chosen);
      }
      case "choices":
        return memory.update(memoryKey(source), message.choices);
      case "reveal":
        return revealField(answers, uri, source.index, message.field);
      case "write": {
        const reason = await answers.write(uri, source, message.edits);
        if (reason !== undefined) void window.showWarningMessage(`Nothing was written to ${source.name}: ${reason}.`);
        return;
      }
      case "copy":
        return env.clipboard.writeText(message.text);
      case "save":
        return savePicture(uri, source.name, message);
    }
  };

  const followingCursor = followCursor(uri, answers, (field) => {
    cursor = field;
    sendCursor();
  });
  let following: Disposable | undefined;
  let disposed = false;
  const listen = async (): Promise<void> => {
    const result = await answers.saved(uri).catch(() => undefined);
    saved = result && followTarget(result.statefulSets, source)?.written;
    if (!disposed) following = answers.follow(uri, update);
  };
  void listen();
  const chosenBefore = read(previewSource, memory.get(formerKey(source)));
  if (chosenBefore !== undefined) compareWith(chosenBefore);

  webview.onDidReceiveMessage((given: unknown) => {
    const message = read(toHost, given);
    if (message !== undefined) void receive(message);
  });
  webview.html = panelHtml({
    script: webview.asWebviewUri(Uri.joinPath(pageRoot, "rollout.js")).toString(),
    style: webview.asWebviewUri(Uri.joinPath(pageRoot, "rollout.css")).toString(),
    cspSource: webview.cspSource,
    nonce: crypto.randomUUID(),
  });

  return {
    panel,
    source: () => source,
    titled: () => ({
      name: source.name,
      namespace: shown?.now.namespace,
      path: uri.path,
      build: buildOf(uri) === undefined ? undefined : labelOf(uri),
    }),
    dispose() {
      disposed = true;
      following?.dispose();
      followingFormer?.dispose();
      followingCursor.dispose();
    },
  };
}

/** Selects the field in the editor that shows the manifest, or opens one beside the panel. */
async function revealField(answers: RolloutAnswers, uri: Uri, index: number, field: string): Promise<void> {
  const place = await answers.place(uri, index, field);
  if (place === undefined) return;
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.toString() === place.uri.toString());
  const options = { selection: place.range, viewColumn: visible?.viewColumn ?? ViewColumn.One };
  await window.showTextDocument(await workspace.openTextDocument(place.uri), options);
}

async function savePicture(
  manifest: Uri,
  name: string,
  { format, content }: Extract<ToHost, { readonly type: "save" }>,
): Promise<void> {
  const fileName = `${name.replaceAll(/[^A-Za-z0-9.-]/g, "_")}-rollout.${format}`;
  const target = await window.showSaveDialog({
    defaultUri: Uri.joinPath(directoryOf(manifest), fileName),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (target !== undefined) await workspace.fs.writeFile(target, bytesOf(content));
}

function isDirty(uri: Uri): boolean {
  return workspace.textDocuments.some((document) => document.isDirty && document.uri.toString() === uri.toString());
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** By name, because its place in the file changes. */
function memoryKey({ uri, name }: PreviewSource): string {
  return `rollout ${name} ${uri}`;
}

/** For the other file that it is compared with. */
function formerKey({ uri, name }: PreviewSource): string {
  return `former ${name} ${uri}`;
}

function isSame(a: PreviewSource, b: PreviewSource): boolean {
  return a.uri === b.uri && a.index === b.index;
}
