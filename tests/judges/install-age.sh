#!/bin/sh
# Build age with hybrid keys (1.3 or later) into tests/judges/bin, where the Go toolchain is installed.
set -eu
command -v go >/dev/null || { echo "no Go toolchain: the hybrid tests of the age program will be skipped"; exit 0; }
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
GOBIN="$here/bin" go install filippo.io/age/cmd/age@v1.3.2
