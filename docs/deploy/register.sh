#!/bin/sh
# Registers the work pool and the deployments of prefect.yaml with the server that PREFECT_API_URL names; may be repeated.
# Arguments: catalogues, folders or reports. JUESUAN_DATA: the data folder of every deployment, a path of the worker's machine or the URL of a store.
set -eu
prefect --no-prompt work-pool create juesuan --type process --overwrite
prefect --no-prompt work-pool set-concurrency-limit juesuan 1
python -m flows.deployments juesuan "$JUESUAN_DATA" "$@"
