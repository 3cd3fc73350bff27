#!/usr/bin/env bash
# All rows of the acceptance matrix, or those named, each told into build/rows/ROW.txt. Ends with: N passed, N failed.
# The test command runs the same rows; here each can be read. Rows that do not hold yet have to be named.
# usage: ./scripts/matrix.sh [ROW...]
set -eEuo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/common.sh
. scripts/lib/rows.sh

make_rows
run_rows --into build/rows "$@"
