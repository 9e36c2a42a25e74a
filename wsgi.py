"""What gunicorn and the ``flask`` command load."""

import sys

from ivr.errors import ConfigError
from ivr.factory import create_app

try:
    app = create_app()
except ConfigError as error:
    print(error, file=sys.stderr)  # noqa: T201 - before logging exists
    sys.exit(2)
