"""Start HAT from a checkout with any Python: says so plainly when that Python is too old.

python3 start.py              the platform, empty, with the first-run page
python3 start.py demo         the platform with a demo project and a demo API to test
python3 start.py test         every check of the project
python3 start.py help         all commands
"""

# Any Python must be able to read this file, so it keeps to what Python 2.7 understands.

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "HAT needs Python 3.11 or newer; this is Python %d.%d (%s).\n"
        "  hint: install a newer Python and start with it, for example: python3.12 start.py demo"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

if __name__ == "__main__":
    from tools.commands import main

    sys.exit(main(sys.argv[1:]))
