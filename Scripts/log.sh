# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts beside it.

log() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
error() { printf 'error: %s\n' "$*" >&2; }
fatal() {
    error "$@"
    exit 1
}
