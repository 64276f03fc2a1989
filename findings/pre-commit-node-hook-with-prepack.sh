#!/usr/bin/env bash
# pre-commit 3.0.4 (Debian 12) with npm 11.19.1: a hook written for Node whose package has a `prepack` script.
#
# Guess: pre-commit runs `npm pack` to install a hook from its repository, and a script of the package that runs before it
#   is no matter: a package manager ignores what scripts print.
# Seen: npm prints the banner and the output of `prepack` to standard output, before the name of the file. pre-commit takes
#   all of that for the file name, and the hook cannot be installed. With `foreground-scripts=false` in the repository's
#   .npmrc npm keeps quiet about the script, and the hook runs.
# Why it matters: the usual way to build TypeScript on the way to a package breaks the hook for every user, although
#   `npm pack` and `npm publish` work.
set -euo pipefail
source "$(dirname "$0")/setup.bash"

mkdir tool
apt-get download pre-commit=3.0.4-1 nodeenv python3-{cfgv,distlib,filelock,identify,platformdirs,virtualenv,yaml} \
  >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" tool; done
hook="$folder/hook"
mkdir -p "$hook"
cat > "$hook/package.json" <<'JSON'
{ "name": "hook", "version": "1.0.0", "bin": { "hook": "hook.js" }, "scripts": { "prepack": "node --version >&2" } }
JSON
printf '#!/usr/bin/env node\nconsole.log("hook has run");\n' > "$hook/hook.js"
printf -- '- id: hook\n  name: hook\n  entry: hook\n  language: node\n  verbose: true\n' > "$hook/.pre-commit-hooks.yaml"
commit() {
  git -C "$1" init --quiet
  git -C "$1" add --all
  git -C "$1" -c user.name=a -c user.email=a@example.org commit --quiet --message "$2"
}
commit "$hook" one
without=$(git -C "$hook" rev-parse HEAD)
echo 'foreground-scripts=false' > "$hook/.npmrc"
commit "$hook" two
with=$(git -C "$hook" rev-parse HEAD)

mkdir project
touch project/file.txt
commit project one
# run REVISION: whether the hook of that revision runs on the project.
run() {
  printf 'repos: [{repo: "%s", rev: %s, hooks: [{id: hook}]}]\n' "$hook" "$1" > project/.pre-commit-config.yaml
  git -C project add --all
  (cd project && PRE_COMMIT_HOME="$folder/home" PYTHONPATH="$folder/tool/usr/lib/python3/dist-packages" \
    /usr/bin/python3 -m pre_commit run --all-files --color never 2>&1) | grep -oE "hook has run|> hook@1\.0\.0 prepack" | sort -u || true
}
check "with a prepack script" "> hook@1.0.0 prepack" "$(run "$without")"
check "with foreground-scripts=false too" "hook has run" "$(run "$with")"
