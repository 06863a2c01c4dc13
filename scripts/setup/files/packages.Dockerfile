# An image of packages where a registry answers; elsewhere it is made of the same ones without this file.
ARG BASE
FROM ${BASE}
ARG PACKAGES
RUN apt-get update && apt-get install -yq --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/*
