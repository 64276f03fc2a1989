import { Uri, window, workspace, type Disposable, type QuickPickItem } from "vscode";
import type { PreviewTarget } from "../../server/src/protocol/protocol.js";
import { baseSetOf } from "./base-set.js";
import { directoryOf } from "./built.js";
import { followTarget } from "./preview-target.js";
import type { RolloutAnswers } from "./rollout-answers.js";
import type { FormerFile, PreviewSource } from "./webview/preview-source.js";

/** Asks the user for a StatefulSet of another file; `undefined` if there is none to be had. */
export async function chooseFormer(
  answers: Pick<RolloutAnswers, "now">,
  source: PreviewSource,
): Promise<PreviewSource | undefined> {
  const uri = await chooseFile(Uri.parse(source.uri, true));
  if (uri === undefined) return undefined;
  const { statefulSets } = await answers.now(uri);
  const readable = statefulSets.filter(({ written }) => written !== undefined);
  const chosen = readable.find(({ name }) => name === source.name) ?? (await chooseTarget(readable));
  if (chosen !== undefined) return { uri: uri.toString(), index: chosen.index, name: chosen.name };
  if (readable.length === 0) {
    void window.showWarningMessage(`${labelOf(uri)} holds no StatefulSet that can be read.`);
  }
  return undefined;
}

/** Tells what the StatefulSet of another file says: at once as far as that is known, and again whenever it changes. */
export function followFormer(
  answers: Pick<RolloutAnswers, "follow">,
  { uri: file, index, name }: PreviewSource,
  tell: (former: FormerFile, manifest: string | undefined) => void,
): Disposable {
  const uri = Uri.parse(file, true);
  const isBase = baseSetOf(uri) !== undefined;
  let former: FormerFile = {
    label: isBase ? "the base" : labelOf(uri),
    isBase,
    written: undefined,
    problem: undefined,
  };
  let manifest: string | undefined;
  const told = (next: FormerFile): void => {
    former = next;
    tell(former, manifest);
  };
  tell(former, manifest);
  if (!isBase) {
    workspace.fs.stat(uri).then(undefined, () => told({ ...former, problem: "the file is not there any more" }));
  }
  return answers.follow(uri, ({ statefulSets, base }) => {
    if (base !== undefined) former = { ...former, label: base };
    const target = followTarget(statefulSets, { index, name });
    const problem = target?.unreadable ?? `${name} is not in the file at this moment`;
    if (target?.written) ({ manifest } = target);
    told(target?.written ? { ...former, written: target.written, problem: undefined } : { ...former, problem });
  });
}

/** How a file is named to people. */
function labelOf(uri: Uri): string {
  return workspace.asRelativePath(uri);
}

interface FileItem extends QuickPickItem {
  /** `undefined` for the dialog. */
  readonly uri: Uri | undefined;
}

const mostFiles = 2000;

/** Asks the user for another file. */
export async function chooseFile(own: Uri): Promise<Uri | undefined> {
  const files = await workspace.findFiles("**/*.{yaml,yml}", "**/node_modules/**", mostFiles);
  const items: readonly FileItem[] = [
    ...files
      .filter((uri) => uri.toString() !== own.toString())
      .map((uri) => ({ label: labelOf(uri), uri }))
      .toSorted((a, b) => (a.label < b.label ? -1 : 1)),
    { label: "$(folder-opened) Browse …", alwaysShow: true, uri: undefined },
  ];
  const placeHolder = "The manifest that runs now";
  const item = await window.showQuickPick(items, { title: "Compare With Another File", placeHolder });
  if (item === undefined || item.uri !== undefined) return item?.uri;
  const filters = { YAML: ["yaml", "yml"], "All files": ["*"] };
  const [uri] = (await window.showOpenDialog({ defaultUri: directoryOf(own), filters })) ?? [];
  return uri;
}

/** One needs no question. */
async function chooseTarget(targets: readonly PreviewTarget[]): Promise<PreviewTarget | undefined> {
  if (targets.length <= 1) return targets[0];
  const items = targets.map((target) => ({ label: target.name, target }));
  const item = await window.showQuickPick(items, { title: "Which StatefulSet?" });
  return item?.target;
}
