"""`python -m yanxiu` is the `yanxiu` command."""

import sys

from yanxiu.cli import main

sys.exit(main())
