"""`python -m services.dashboard`: serve the dashboard, with settings from the environment."""

from __future__ import annotations

import sys

import uvloop

from services.dashboard.bootstrap import serve
from services.dashboard.settings import Settings
from services.runtime import logs
from services.runtime.errors import Unavailable


def main() -> None:
    """Serve until told to stop; exits with a message where ClickHouse does not answer."""
    settings = Settings()
    logs.configure(settings.log_level)
    try:
        uvloop.run(serve(settings))
    except Unavailable as error:
        sys.exit(f"dashboard: {error}")


if __name__ == "__main__":
    main()
