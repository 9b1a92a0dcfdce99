"""`python -m dedere` is the `dedere` command."""

import sys

from dedere.cli.main import main

sys.exit(main())
