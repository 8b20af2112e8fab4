"""A log names no person, place or number: of an error it says the kind and the place, never the words.

A database's message quotes the row that failed, many a ValueError the text that somebody typed, an error of a file the
photo's digest. All that is logged in this process, by whatever library, is made here.
"""

import logging
import sys
import traceback
import warnings
from collections.abc import Iterator

from webapp.core.outages import kind_of

_record_of = logging.LogRecord
_SERVING = " while serving "


def install() -> None:
    """From now on every log record of this process is private; again, it changes nothing."""
    logging.setLogRecordFactory(_private)


def guard_stderr() -> None:
    """The same for what Python itself tells on stderr. For a process of our own: a server or a command."""
    install()
    logging.raiseExceptions = False  # it would print the arguments of a line that cannot be written
    sys.excepthook = _uncaught
    warnings.showwarning = _warned


def frames(error: BaseException) -> str:
    """The traceback of an error and of what it came from: files, lines and kinds, no message."""
    return "\n".join(_chain(traceback.TracebackException.from_exception(error), error, set()))


def _chain(said: traceback.TracebackException, error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = said.__cause__ or said.__context__
    if before is not None and told is not None and id(before) not in seen:
        yield from _chain(told, before, seen)
        yield "then:"
    yield "Traceback (most recent call last):"
    yield "".join(said.stack.format()).rstrip()
    yield kind_of(error)


def _private(name, level, path, line, message, args, exc_info, *more, **named) -> logging.LogRecord:
    if isinstance(message, BaseException):
        message = kind_of(message)
    elif (
        name == "waitress" and _SERVING in message
    ):  # it goes on with the path, and an enrolment's link is a key
        message = message.partition(_SERVING)[0] + _SERVING + "a request"
    if isinstance(args, tuple):
        args = tuple(kind_of(one) if isinstance(one, BaseException) else one for one in args)
    record = _record_of(name, level, path, line, message, args, None, *more, **named)
    if exc_info and exc_info[1] is not None:
        record.exc_text = frames(exc_info[1])
    return record


def _uncaught(kind, error, trace) -> None:
    if not issubclass(kind, Exception):  # Ctrl-C
        sys.__excepthook__(kind, error, trace)
        return
    print(frames(error), file=sys.stderr, flush=True)


def _warned(message, category, filename, lineno, file=None, line=None) -> None:
    """The place alone: a workbook's reader quotes cells."""
    print(f"{filename}:{lineno}: {category.__name__}", file=sys.stderr)
