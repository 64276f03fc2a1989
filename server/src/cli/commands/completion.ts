import type { Command } from "commander";
import { allRules, severities } from "../../engine/api.js";

/** The shells that `ordinal completion` writes a script for. Each script asks `ordinal complete` what may follow. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** A word that may stand where a word is typed. */
export interface Candidate {
  readonly word: string;
  /** One line. */
  readonly description: string;
}

/**
 * What may stand in place of the last of some words, which follow `ordinal` on a command line. Nothing where it may be
 * the name of a file: the shell knows these.
 */
export function candidates(program: Command, words: readonly string[]): readonly Candidate[] {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const command = program.commands.find((one) => before.includes(one.name()));
  const found = command === undefined ? startsOf(program, typed) : inCommand(command, typed, before.at(-1) ?? "");
  return found.filter(({ word }) => word.startsWith(typed));
}

function startsOf(program: Command, typed: string): readonly Candidate[] {
  if (typed.startsWith("-")) return optionsOf(program);
  const commands = program.createHelp().visibleCommands(program);
  return commands.map((command) => ({ word: command.name(), description: command.summary() }));
}

function inCommand(command: Command, typed: string, previous: string): readonly Candidate[] {
  const option = command.options.find(({ long, short }) => previous === long || previous === short);
  if (option?.required === true) {
    if (option.attributeName() === "rule") return ruleSettings(typed);
    if (option.attributeName() === "explain") return rules();
    return (option.argChoices ?? []).map(plainly);
  }
  if (typed.startsWith("-")) return optionsOf(command);
  const [argument] = command.registeredArguments;
  if (argument?.name() === "rule") return rules();
  return (argument?.argChoices ?? []).map(plainly);
}

function optionsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long === undefined || long === null ? [] : [{ word: long, description }]));
}

function rules(): readonly Candidate[] {
  return allRules.map(({ id, flags }) => ({ word: id, description: flags }));
}

/** `service-missing=`, and after that what it can be set to. */
function ruleSettings(typed: string): readonly Candidate[] {
  const [id] = typed.split("=");
  if (id === undefined || id === typed) return rules().map(({ word, ...rest }) => ({ ...rest, word: `${word}=` }));
  return [...severities, "off"].map((severity) => plainly(`${id}=${severity}`));
}

function plainly(word: string): Candidate {
  return { word, description: "" };
}

/** What `ordinal completion` prints. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of ordinal for bash. In ~/.bashrc: source <(ordinal completion bash)
_ordinal() {
  local line="\${COMP_LINE:0:COMP_POINT}" current="\${COMP_WORDS[COMP_CWORD]}" words typed word
  read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  typed="\${words[\${#words[@]}-1]}"
  [[ "$current" == "=" ]] && current=""
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    # bash has broken the word at = and wants what follows.
    COMPREPLY+=("\${word#"\${typed%"$current"}"}")
  done < <(ordinal complete -- "\${words[@]:1}" 2>/dev/null)
  [[ "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _ordinal ordinal
`,
  zsh: `#compdef ordinal
# Completion of ordinal for zsh. In ~/.zshrc, after compinit: source <(ordinal completion zsh)
_ordinal() {
  local -a found
  local word text
  while IFS=$'\\t' read -r word text; do
    found+=("\${word//:/\\\\:}:$text")
  done < <(ordinal complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe 'ordinal' found
  else
    _files
  fi
}
compdef _ordinal ordinal
`,
  fish: `# Completion of ordinal for fish: ordinal completion fish > ~/.config/fish/completions/ordinal.fish
function __ordinal_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct | string collect --allow-empty)
    set -l found (ordinal complete -- $words[2..-1] $typed 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path $typed
    end
end
complete -c ordinal -f -a '(__ordinal_complete)'
`,
};
