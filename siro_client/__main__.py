"""`python -m siro_client`; `--help` says what it does."""

import signal
import sys

if __name__ == "__main__":
    # Both signals end a run in the same way, also where a shell started us with SIGINT ignored, and while we import.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        from siro_client._command_line import main

        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
