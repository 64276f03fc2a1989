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
import type { AskedPlay } from "../../server/src/engine/maintenance/panel-play.js";
import { read } from "../../server/src/engine/rollout/schema.js";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import type { FieldResult, PreviewTarget } from "../../server/src/protocol/protocol.js";
import { buildOf, directoryOf, labelOf } from "./built.js";
import { baseUri } from "./base-set.js";
import type { EditorBases } from "./choose-base.js";
import { followCursor } from "./cursor-field.js";
import { chooseFormer, followFormer } from "./former-file.js";
import { linkTo } from "./link-to.js";
import { panelHtml } from "./panel-page.js";
import { titleAmong, type Titled } from "./panel-titles.js";
import { followNodes, type FollowedNodes } from "./played-nodes.js";
import { followTarget } from "./preview-target.js";
import type { RolloutAnswer, RolloutAnswers } from "./rollout-answers.js";
import { choices, type Choices } from "./webview/choices.js";
import { pageMemory, toHost, type FormerSource, type ToHost, type ToPage } from "./webview/messages.js";
import { previewSource, type FormerFile, type PreviewSource } from "./webview/preview-source.js";

/** package.json activates the extension when a panel of this type is to be restored. */
const viewType = "ordinal.rollout";

export interface RolloutPanels extends Disposable {
  /** Opens the preview of a StatefulSet beside the editor, or brings up the one that is open. */
  show(source: PreviewSource, what?: ToShow): Promise<void>;
}

/** What a panel is opened for. */
export interface ToShow {
  /** Another set, to compare with. */
  readonly former?: PreviewSource | undefined;
  /** What is done to the nodes. */
  readonly asked?: AskedPlay | undefined;
  /** What is chosen in it, in the place of what was chosen last. */
  readonly choices?: Choices | undefined;
}

/** `memory` keeps what was chosen for each StatefulSet. */
export function createRolloutPanels(
  extensionUri: Uri,
  answers: RolloutAnswers,
  bases: EditorBases,
  memory: Memento,
): RolloutPanels {
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
  const attach = (panel: WebviewPanel, source: PreviewSource, opened: Base | undefined): OpenPanel => {
    const one = new OpenPanel(panel, source, opened, { pageRoot, answers, bases, memory, renamed: retitle });
    open.add(one);
    retitle();
    panel.onDidDispose(() => {
      open.delete(one);
      one.dispose();
      retitle();
    });
    return one;
  };

  const serializer = window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const known = read(pageMemory, state);
      if (known === undefined) return panel.dispose();
      panel.webview.options = options;
      attach(panel, known.source, { written: known.opened, manifest: known.openedManifest });
    },
  });

  return {
    async show(source, { former, asked, choices: chosen } = {}) {
      if (chosen !== undefined) await memory.update(memoryKey(source), chosen);
      const existing = [...open].find((one) => isSame(one.source, source));
      existing?.panel.reveal();
      const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      const shown =
        existing ?? attach(window.createWebviewPanel(viewType, "Rollout", column, options), source, undefined);
      if (existing !== undefined && chosen !== undefined) existing.choose(chosen);
      if (former !== undefined) shown.compare(former);
      if (asked !== undefined) shown.play(asked);
    },
    // The panels themselves stay, so that they are restored when the extension host or the window starts again.
    dispose() {
      serializer.dispose();
      for (const one of open) one.dispose();
    },
  };
}

type Show = Extract<ToPage, { readonly type: "show" }>;

/** What all panels share. */
interface Panels {
  readonly pageRoot: Uri;
  readonly answers: RolloutAnswers;
  /** Keeps what was chosen for each StatefulSet. */
  readonly memory: Memento;
  readonly bases: EditorBases;
  /** Called where a panel may want another title. */
  readonly renamed: () => void;
}

/** The page in a panel, which is told of the StatefulSet and each change of it. */
class OpenPanel implements Disposable {
  readonly panel: WebviewPanel;
  readonly #uri: Uri;
  readonly #panels: Panels;
  readonly #followingCursor: Disposable;
  readonly #nodes: FollowedNodes;
  #source: PreviewSource;
  #opened: Base | undefined;
  #saved: Base | undefined;
  #shown: Omit<Show, "former" | "applies"> | undefined;
  /** The manifest that is shown, as JSON. */
  #manifest: string | undefined;
  #formerManifest: string | undefined;
  /** Counts what was shown, so that an answer about something older is dropped. */
  #turn = 0;
  /** After what was shown last: it cannot be read any more. */
  #stale: ToPage | undefined;
  #former: FormerFile | undefined;
  #cursor: FieldResult = null;
  #following: Disposable | undefined;
  #followingFormer: Disposable | undefined;
  #disposed = false;
  /** The page is to compare with the former set as soon as it is there. */
  #compares = false;
  /** The page is to play this as soon as it is there. */
  #plays: AskedPlay | undefined;

  /** `opened` is what the file said when the panel was first opened; `undefined` if that is now. */
  constructor(panel: WebviewPanel, source: PreviewSource, opened: Base | undefined, panels: Panels) {
    const { webview } = panel;
    const { answers, memory, pageRoot } = panels;
    this.panel = panel;
    this.#uri = Uri.parse(source.uri, true);
    this.#panels = panels;
    this.#source = source;
    this.#opened = opened;
    this.#followingCursor = followCursor(this.#uri, answers, (field) => {
      this.#cursor = field;
      this.#sendCursor();
    });
    this.#nodes = followNodes(answers, this.#uri, (play) => this.#send({ type: "nodesPlayed", play }));
    void this.#follow();
    const chosenBefore = read(previewSource, memory.get(formerKey(source)));
    if (chosenBefore !== undefined) this.#compareWith(chosenBefore);
    webview.onDidReceiveMessage((given: unknown) => {
      const message = read(toHost, given);
      if (message !== undefined) void this.#receive(message);
    });
    webview.html = panelHtml({
      script: webview.asWebviewUri(Uri.joinPath(pageRoot, "rollout.js")).toString(),
      style: webview.asWebviewUri(Uri.joinPath(pageRoot, "rollout.css")).toString(),
      cspSource: webview.cspSource,
      nonce: crypto.randomUUID(),
    });
  }

  /** What it shows at present. */
  get source(): PreviewSource {
    return this.#source;
  }

  titled(): Titled {
    return {
      name: this.#source.name,
      namespace: this.#shown?.now.namespace,
      path: this.#uri.path,
      build: buildOf(this.#uri) === undefined ? undefined : labelOf(this.#uri),
    };
  }

  dispose(): void {
    this.#disposed = true;
    this.#following?.dispose();
    this.#followingFormer?.dispose();
    this.#followingCursor.dispose();
    this.#nodes.dispose();
  }

  /** Takes what the file said when it was saved, and then each change of it. */
  async #follow(): Promise<void> {
    const { answers } = this.#panels;
    const result = await answers.saved(this.#uri).catch(() => undefined);
    this.#saved = baseOf(result && followTarget(result.statefulSets, this.#source));
    if (!this.#disposed) this.#following = answers.follow(this.#uri, (answer) => this.#update(answer));
  }

  #update(result: RolloutAnswer): void {
    const { uri, name } = this.#source;
    const target = followTarget(result.statefulSets, this.#source);
    const now = baseOf(target);
    if (target === undefined || now === undefined) {
      const missing = `${name} is not in the manifest at this moment`;
      this.#stale = { type: "stale", reason: target?.unreadable ?? result.problem ?? missing };
      this.#send(this.#stale);
      return;
    }
    if (!isDirty(this.#uri)) this.#saved = now;
    this.#opened ??= this.#saved ?? now;
    this.#source = { uri, index: target.index, name: target.name };
    this.#shown = {
      type: "show",
      source: this.#source,
      release: result.release,
      featureGates: result.featureGates,
      now: now.written,
      opened: this.#opened.written,
      openedManifest: this.#opened.manifest,
      saved: (this.#saved ?? this.#opened).written,
      base: this.#panels.bases.revision(),
    };
    this.#manifest = now.manifest;
    this.#stale = undefined;
    this.#nodes.moved(target.index);
    void this.#sendShown();
    this.#panels.renamed();
  }

  /** Shows the change since another StatefulSet, also in a page that is still loading. */
  compare(former: PreviewSource): void {
    this.#compares = true;
    this.#compareWith(former);
    this.#send({ type: "formerChosen" });
  }

  /** Chooses in a page that is there already; one that is still loading asks what was chosen. */
  choose(chosen: Choices): void {
    this.#send({ type: "choices", choices: chosen });
  }

  /** Plays what is done to the nodes, also in a page that is still loading. */
  play(asked: AskedPlay): void {
    this.#plays = asked;
    this.#send({ type: "playNodes", asked });
  }

  /** Compares with the StatefulSet of another file, and goes on with each change of that. */
  #compareWith(chosen: PreviewSource): void {
    this.#followingFormer?.dispose();
    this.#followingFormer = followFormer(this.#panels.answers, chosen, (told, manifest) => {
      this.#former = told;
      this.#formerManifest = manifest;
      void this.#sendShown();
    });
  }

  /** Does what the page asks for. */
  async #receive(message: ToHost): Promise<void> {
    const { answers, memory } = this.#panels;
    const source = this.#source;
    switch (message.type) {
      case "ready": {
        // The page also starts anew when the panel is hidden and shown, or moved to another window.
        const remembered = read(choices, memory.get(memoryKey(source)));
        if (remembered !== undefined) this.#send({ type: "choices", choices: remembered });
        await this.#sendShown();
        this.#sendCursor();
        if (this.#compares) this.#send({ type: "formerChosen" });
        this.#compares = false;
        if (this.#plays !== undefined) this.#send({ type: "playNodes", asked: this.#plays });
        this.#plays = undefined;
        return;
      }
      case "chooseFormer": {
        const chosen = await this.#chosenFormer(message.from);
        if (chosen === undefined) return;
        this.#compareWith(chosen);
        this.#send({ type: "formerChosen" });
        return memory.update(formerKey(this.#source), chosen);
      }
      case "choices":
        this.#plays = undefined;
        if (message.choices.play?.type !== "nodes") this.#nodes.stop();
        return memory.update(memoryKey(source), message.choices);
      case "playNodes":
        return this.#nodes.ask({ asked: message.asked, width: message.width, index: source.index });
      case "reveal":
        return revealField(answers, this.#uri, source.index, message.field);
      case "write": {
        const reason = await answers.write(this.#uri, source, message.edits);
        if (reason !== undefined) void window.showWarningMessage(`Nothing was written to ${source.name}: ${reason}.`);
        return;
      }
      case "copy":
        return env.clipboard.writeText(message.text);
      case "copyLink": {
        const link = await linkTo(this.#uri, source.name, read(choices, memory.get(memoryKey(source))));
        if (link === undefined) {
          void window.showWarningMessage(
            "A link leads to a file of the workspace, and this one is in no folder of it.",
          );
          return;
        }
        await env.clipboard.writeText(link);
        void window.showInformationMessage("The link is in the clipboard. It opens this preview in VS Code.");
        return;
      }
      case "save":
        return savePicture(this.#uri, source.name, message);
    }
  }

  /** What the user wants to compare with; `undefined` where nothing was chosen. */
  async #chosenFormer(from: FormerSource): Promise<PreviewSource | undefined> {
    const { answers, bases } = this.#panels;
    if (from === "file") return chooseFormer(answers, this.#source);
    if (!(await bases.choose(this.#uri, from))) return undefined;
    const { index, name } = this.#source;
    return { uri: baseUri({ uri: this.#uri, index }).toString(), index: 0, name };
  }

  /** With what the API server makes of it, unless something newer is to be shown by then. */
  async #sendShown(): Promise<void> {
    const turn = ++this.#turn;
    const applies = await this.#applies().catch(() => undefined);
    if (turn !== this.#turn || this.#disposed) return;
    if (this.#shown !== undefined) this.#send({ ...this.#shown, former: this.#former, applies });
    if (this.#stale !== undefined) this.#send(this.#stale);
  }

  async #applies(): Promise<Show["applies"]> {
    if (this.#manifest === undefined) return undefined;
    const befores = [null, this.#opened?.manifest, (this.#saved ?? this.#opened)?.manifest, this.#formerManifest];
    // What is not known is asked as if nothing were there, and left out again.
    const asked = befores.map((one) => one ?? null);
    const answers = await this.#panels.answers.applies(this.#uri, this.#manifest, asked);
    const [create, opened, saved, former] = befores.map((one, index) =>
      one === undefined ? undefined : (answers[index] ?? undefined),
    );
    return { create, opened, saved, former };
  }

  #sendCursor(): void {
    const { index } = this.#source;
    this.#send({ type: "cursor", field: this.#cursor?.index === index ? this.#cursor.field : undefined });
  }

  #send(message: ToPage): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's own method, which has none.
    void this.panel.webview.postMessage(message);
  }
}

/** What an edit is compared with. */
interface Base {
  readonly written: WrittenSpec;
  /** As JSON; `undefined` where a tool will still write some of it. */
  readonly manifest: string | undefined;
}

function baseOf(target: PreviewTarget | undefined): Base | undefined {
  return target?.written && { written: target.written, manifest: target.manifest };
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
