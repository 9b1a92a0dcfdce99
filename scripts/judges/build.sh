#!/usr/bin/env bash
# Builds the Java judges into .make/judges (jars and their dependencies). Needs Java 17 and Maven.
set -euo pipefail
cd "$(dirname "$0")"
target="$(cd ../.. && pwd)/.make/judges"
mkdir -p "$target"
mvn -q -B -Dstyle.color=never -Djudges.directory="$target" package dependency:copy-dependencies -DoutputDirectory="$target/lib"
cp "$target/build/judges.jar" "$target/lib/"
