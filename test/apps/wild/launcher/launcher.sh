#!/bin/bash
# As a buildpack's launcher does it: profile scripts set the environment, a memory calculator adds to JAVA_TOOL_OPTIONS, a helper process stays beside the app,
# and the launcher becomes the process that the image is for.
set -eu
for script in /layers/profile.d/*.sh; do . "$script"; done
/layers/helper.sh &
exec "$@"
