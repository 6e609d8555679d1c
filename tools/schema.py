"""Write docs/schema/result.json, the schema of the JSON report, from its types."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hat.reports.schema import document

PAGE = Path(__file__).parents[1] / "docs" / "schema" / "result.json"


def main() -> int:
    """Write the schema as it is now."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(json.dumps(document(), indent=2) + "\n", encoding="utf-8")
    print("docs/schema/result.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
