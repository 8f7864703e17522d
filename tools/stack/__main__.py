"""Entry of the commands that the Makefile names."""
import sys

from . import bench, checks, demo, translate
from .shell import Stop

COMMANDS = {
    'demo': demo.start,
    'stop': demo.stop,
    'clean': demo.clean,
    'test': checks.test,
    'lint': checks.lint,
    'bench': bench.run_all,
    'docs-images': checks.docs_images,
    'translate': translate.refresh,
}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f'Usage: tools/scm {"|".join(COMMANDS)}')
    try:
        sys.exit(COMMANDS[sys.argv[1]]())
    except Stop as problem:
        sys.exit(f'Stopped: {problem}')
    except KeyboardInterrupt:
        sys.exit('Stopped by you; call the same again to go on')


main()
