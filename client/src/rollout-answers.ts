import {
  Disposable,
  EventEmitter,
  Location,
  Range,
  type Position,
  TextEdit,
  Uri,
  workspace,
  WorkspaceEdit,
  type TextDocument,
} from "vscode";
import { DidChangeTextDocumentNotification, State, type BaseLanguageClient } from "vscode-languageclient";
import type { FieldEdit } from "../../server/src/engine/rollout/fields.js";
import {
  appliesRequest,
  baseChangedNotification,
  buildsRequest,
  builtPlaceRequest,
  builtRequest,
  editRequest,
  fieldRequest,
  formerRequest,
  nodesRequest,
  placeRequest,
  rolloutRequest,
  type AppliesParams,
  type AppliesResult,
  type BuildsParams,
  type BuildsResult,
  type BuiltParams,
  type BuiltPlaceParams,
  type BuiltPlaceResult,
  type BuiltResult,
  type EditParams,
  type EditResult,
  type FieldParams,
  type FieldResult,
  type FormerParams,
  type FormerResult,
  type LineEdit,
  type NodesParams,
  type NodesResult,
  type PlaceParams,
  type PlaceResult,
  type RolloutParams,
  type RolloutResult,
} from "../../server/src/protocol/protocol.js";
import { baseSetOf, type BaseSet } from "./base-set.js";
import { buildOf, directoryOf, labelOf } from "./built.js";

/** What is known of the StatefulSets of a document or of a build. */
export interface RolloutAnswer extends Pick<RolloutResult, "release" | "featureGates" | "statefulSets"> {
  /** Why nothing can be said of a build at this moment. */
  readonly problem?: string | undefined;
  /** What the base is called, of a StatefulSet there. */
  readonly base?: string;
}

type Listener = (answer: RolloutAnswer) => void;

/**
 * What the language server says about the StatefulSets of a document, or of a build (see `built.ts`). It is asked as
 * often as documents change, but never twice at a time about one document.
 */
export class RolloutAnswers implements Disposable {
  readonly #client: BaseLanguageClient;
  readonly #followed = new Map<string, Followed>();
  readonly #changed = new EventEmitter<void>();
  /** Some manifest or setting has changed, and the server knows. */
  readonly onDidChange = this.#changed.event;
  readonly #events: Disposable;

  constructor(client: BaseLanguageClient) {
    this.#client = client;
    this.#events = Disposable.from(
      this.#changed,
      // Not VS Code's own event: by this one the server has been told of the change, and has been asked nothing about
      // it yet.
      client
        .getFeature(DidChangeTextDocumentNotification.method)
        .onNotificationSent(({ textDocument: { uri } }) =>
          this.#refresh((one) => isSame(baseSetOf(one)?.uri ?? one, uri)),
        ),
      workspace.onDidSaveTextDocument(({ uri }) =>
        this.#refresh((one) => isSame(one, uri) || buildOf(one) !== undefined),
      ),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("ordinal")) this.#refresh(() => true);
      }),
      client.onNotification(baseChangedNotification, () => this.#refresh((one) => baseSetOf(one) !== undefined)),
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) this.#refresh(() => true);
      }),
    );
  }

  /** About the document as it is now, which is opened if need be. */
  async now(uri: Uri): Promise<RolloutAnswer> {
    if (buildOf(uri) !== undefined) return this.built(uri);
    const baseSet = baseSetOf(uri);
    if (baseSet !== undefined) return this.#former(baseSet);
    while (true) {
      // Without waiting where it is open, so that this question reaches the server before any other about the change.
      const document = openDocument(uri) ?? (await workspace.openTextDocument(uri));
      const { version } = document;
      const result = await this.#ask({ uri: this.#spelled(uri) });
      if (document.version === version) return result;
    }
  }

  /** About the file as it was last saved; `undefined` if there is no such file. */
  async saved(uri: Uri): Promise<RolloutAnswer | undefined> {
    const text = await readText(uri);
    return text === undefined ? undefined : this.#ask({ uri: this.#spelled(uri), text });
  }

  /** About a StatefulSet at the base; about the manifest itself where it is the same there. */
  async #former({ uri, index }: BaseSet): Promise<RolloutAnswer> {
    const params: FormerParams = { uri: this.#spelled(uri), index };
    const former = await this.#client.sendRequest<FormerResult>(formerRequest, params);
    if (former === null) return { ...(await this.now(uri)), base: "the base (no change)" };
    const { base, text } = former;
    return { ...(await this.#ask({ uri: params.uri, text })), base };
  }

  /** The builds that a file is a part of. */
  builds(uri: Uri): Promise<BuildsResult> {
    const params: BuildsParams = { uri: this.#spelled(uri) };
    return this.#client.sendRequest<BuildsResult>(buildsRequest, params);
  }

  /** What a build makes of the files as they are saved. */
  async built(uri: Uri): Promise<BuiltResult> {
    const build = buildOf(uri);
    if (build === undefined) throw new Error(`${uri.toString()} is no build`);
    const params: BuiltParams = { build };
    return this.#client.sendRequest<BuiltResult>(builtRequest, params);
  }

  /** What applying a manifest does: see `AppliesParams`. */
  applies(uri: Uri, manifest: string, befores: AppliesParams["befores"]): Promise<AppliesResult> {
    const within = buildOf(uri) === undefined ? this.#spelled(uri) : `${directoryOf(uri).toString()}/-`;
    const params: AppliesParams = { uri: within, manifest, befores };
    return this.#client.sendRequest<AppliesResult>(appliesRequest, params);
  }

  /** What happens to the pods of a set when something is done to their nodes: see `NodesParams`. */
  nodes(uri: Uri, params: Omit<NodesParams, "uri" | "build">): Promise<NodesResult> {
    const build = buildOf(uri);
    return this.#client.sendRequest<NodesResult>(nodesRequest, { ...params, uri: this.#spelled(uri), build });
  }

  /** Where a field stands: see `PlaceParams` and `BuiltPlaceParams`. */
  async place(uri: Uri, index: number, field: string): Promise<Location | undefined> {
    const build = buildOf(uri);
    if (build !== undefined) {
      const params: BuiltPlaceParams = { build, index, field };
      const found = await this.#client.sendRequest<BuiltPlaceResult>(builtPlaceRequest, params);
      return found === null ? undefined : new Location(Uri.parse(found.uri, true), toRange(found));
    }
    const params: PlaceParams = { uri: this.#spelled(uri), index, field };
    const result = await this.#client.sendRequest<PlaceResult>(placeRequest, params);
    return result === null ? undefined : new Location(uri, toRange(result));
  }

  /** The field at a position: see `FieldParams`. */
  field(uri: Uri, { line, character }: Position): Promise<FieldResult> {
    const params: FieldParams = { uri: this.#spelled(uri), position: { line, character } };
    return this.#client.sendRequest<FieldResult>(fieldRequest, params);
  }

  /** Writes fields of a StatefulSet as one edit that the user can undo; resolves to the reason where it cannot. */
  async write(
    uri: Uri,
    { index, name }: Pick<EditParams, "index" | "name">,
    edits: readonly FieldEdit[],
  ): Promise<string | undefined> {
    if (buildOf(uri) !== undefined) return `it is built from the files of ${labelOf(uri)}, which are to be changed`;
    const document = await workspace.openTextDocument(uri);
    const { version } = document;
    const params: EditParams = { uri: this.#spelled(uri), index, name, edits };
    const result = await this.#client.sendRequest<EditResult>(editRequest, params);
    if (result.type === "refused") return result.reason;
    if (document.version !== version) return "the manifest has changed in the meantime";
    const edit = new WorkspaceEdit();
    edit.set(
      uri,
      result.edits.map((one) => TextEdit.replace(toRange(one), one.text)),
    );
    return (await workspace.applyEdit(edit)) ? undefined : "the editor did not take the edit";
  }

  /** Calls back with what `now` says, and again whenever that may have changed, until the result is disposed. */
  follow(uri: Uri, listener: Listener): Disposable {
    const key = uri.toString();
    const one = this.#followed.get(key) ?? { uri, listeners: new Set(), asking: false, outdated: false };
    this.#followed.set(key, one);
    one.listeners.add(listener);
    void this.#askAgain(one);
    return new Disposable(() => {
      one.listeners.delete(listener);
      if (one.listeners.size === 0) this.#followed.delete(key);
    });
  }

  dispose(): void {
    void this.#events.dispose();
  }

  /** Asks again about the documents that may have changed. */
  #refresh(mayHaveChanged: (uri: Uri) => boolean): void {
    for (const one of this.#followed.values()) if (mayHaveChanged(one.uri)) void this.#askAgain(one);
    this.#changed.fire();
  }

  /** Asks until the answer is about what is there now. */
  async #askAgain(one: Followed): Promise<void> {
    one.outdated = true;
    if (one.asking) return;
    one.asking = true;
    while (one.outdated && one.listeners.size > 0) {
      one.outdated = false;
      const result = await this.now(one.uri).catch(() => undefined);
      // No answer: the server is restarting, or the file is gone. The next change, or the server's start, asks again.
      if (result !== undefined && !one.outdated) for (const listener of one.listeners) listener(result);
    }
    one.asking = false;
  }

  #ask(params: RolloutParams): Promise<RolloutResult> {
    return this.#client.sendRequest(rolloutRequest, params);
  }

  #spelled(uri: Uri): string {
    return this.#client.code2ProtocolConverter.asUri(uri);
  }
}

/** A document with followers. */
interface Followed {
  readonly uri: Uri;
  readonly listeners: Set<Listener>;
  asking: boolean;
  /** Something has happened since the last question. */
  outdated: boolean;
}

function isSame(one: Uri, other: Uri): boolean {
  return one.toString() === other.toString();
}

function toRange({ start, end }: Pick<LineEdit, "start" | "end">): Range {
  return new Range(start.line, start.character, end.line, end.character);
}

function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => isSame(document.uri, uri));
}

async function readText(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
