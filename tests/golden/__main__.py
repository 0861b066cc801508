"""`python -m tests.golden`: write what is expected of every case anew, from what the dialects make of it now."""

from __future__ import annotations

import json

from tests.golden.cases import cases, made_of

for case in cases():
    case.expected.write_text(json.dumps(made_of(case), indent=2, ensure_ascii=False) + "\n")
