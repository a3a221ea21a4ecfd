"""`python -m flows.cli`, for where the command `juesuan` is not installed."""

import sys

from flows.cli import main

if __name__ == "__main__":
    sys.exit(main())
