"""Notebooks -> executed notebooks (papermill) -> pages (nbconvert) -> a folder that opens offline."""

import sys

# Where JupyterLab is installed, jsonschema builds a grammar of IRIs at import, for a second or two; no notebook has one.
sys.modules.setdefault("rfc3987_syntax", None)
