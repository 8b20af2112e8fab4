"""One text of the product's source changed while a block runs, for everybody who holds the function."""

import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import CodeType, FunctionType
from unittest import mock

from webapp.org.rules import ACTIONS


@dataclass(frozen=True)
class Cut:
    """A planted hole: in ``where`` (``module:function``) the text ``before`` is ``after``; ``routes`` notice it."""

    where: str
    before: str
    after: str
    routes: tuple[str, ...]

    @contextmanager
    def planted(self) -> Iterator[None]:
        function = _function(self.where)
        source, honest = textwrap.dedent(inspect.getsource(function)), function.__code__
        assert self.before in source, f"{self.where} does not say: {self.before}"
        module = compile(source.replace(self.before, self.after), honest.co_filename, "exec")
        function.__code__ = _code_of(module, honest)
        try:
            yield
        finally:
            function.__code__ = honest


@dataclass(frozen=True)
class Grant:
    """A planted hole: a role may do what it may not."""

    action: str
    role: str
    routes: tuple[str, ...]

    @contextmanager
    def planted(self) -> Iterator[None]:
        with mock.patch.dict(ACTIONS, {self.action: ACTIONS[self.action] | {self.role}}):
            yield


def _function(where: str) -> FunctionType:
    """The function itself, whatever decorates it."""
    module, _, path = where.partition(":")
    found = import_module(f"webapp.{module}")
    for name in path.split("."):
        found = vars(found)[name] if isinstance(found, type) else getattr(found, name)
    if isinstance(found, cached_property):
        return found.func
    return inspect.unwrap(found.fget if isinstance(found, property) else found)


def _code_of(module: CodeType, honest: CodeType) -> CodeType:
    """The compiled function of the same name, with the same closure (none, mostly)."""
    [code] = [one for one in module.co_consts if isinstance(one, CodeType) and one.co_name == honest.co_name]
    assert code.co_freevars == honest.co_freevars
    return code
