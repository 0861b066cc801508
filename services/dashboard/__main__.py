"""`python -m services.dashboard`: serve the dashboard, with settings from the environment."""

from __future__ import annotations

import uvloop

from services.dashboard.bootstrap import serve
from services.dashboard.settings import Settings
from services.runtime import logs


def main() -> None:
    """Serve until told to stop."""
    settings = Settings()
    logs.configure(settings.log_level)
    uvloop.run(serve(settings))


if __name__ == "__main__":
    main()
