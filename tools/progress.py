"""A progress bar for a terminal, and plain lines where there is none."""
import sys
import time

WIDTH = 28


class Progress:
    """Call it with (title, done, total); it draws no more than ten times a second."""

    def __init__(self, out=sys.stdout):
        self.out = out
        self.title = None
        self.begun = self.drawn = 0.0

    def __call__(self, title, done=0, total=0):
        if title != self.title:
            self.end()
            self.title, self.begun, self.drawn = title, time.monotonic(), 0.0
        if self.out.isatty() and (time.monotonic() - self.drawn > 0.1 or done >= total):
            self.drawn = time.monotonic()
            filled = int(WIDTH * done / total) if total else 0
            self.out.write(f'\r  {title:<34} [{"#" * filled:<{WIDTH}}] {done:,}/{total:,}' if total else f'\r  {title}')
            self.out.flush()

    def end(self):
        """Close the bar that is open with the seconds it took."""
        if self.title is None:
            return
        start = '\r' if self.out.isatty() else ''
        self.out.write(f'{start}  {self.title:<34} {time.monotonic() - self.begun:5.1f} s{" " * (WIDTH + 12)}\n')
        self.out.flush()
        self.title = None
