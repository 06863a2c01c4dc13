#!/bin/sh
# Builds the context agent: build.sh OUT writes OUT/context.jar.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 OUT" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
# Folders in the jar carry their modes.
umask 022
mkdir -p "$1"
mvn -q -B -ntp -Dstyle.color=never -f "$here/pom.xml" -DskipTests clean package >&2
cp "$here/target/context.jar" "$1/context.jar"
chmod 644 "$1/context.jar"
