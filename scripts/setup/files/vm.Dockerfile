# The second host where a registry answers; elsewhere it is made of the same packages without this file.
ARG BASE
FROM ${BASE}
ARG PACKAGES
RUN apt-get update && apt-get install -yq --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/*
