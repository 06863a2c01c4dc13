#!/bin/sh
# Builds crac-init for both architectures into the folder given; the same sources give the same bytes.
set -eu
out=${1:?usage: build.sh FOLDER}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
for architecture in amd64 arm64; do
  CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS= GOOS=linux GOARCH=$architecture GOAMD64=v1 GOARM64=v8.0 \
    go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' -o "$out/crac-init-$architecture" .
done
