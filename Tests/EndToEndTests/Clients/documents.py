# SPDX-License-Identifier: Apache-2.0
"""Reads YAML documents from standard input as any other program does, by PyYAML; prints them as a JSON list."""
import json
import sys

import yaml

json.dump([document for document in yaml.safe_load_all(sys.stdin) if document is not None], sys.stdout, default=str)
