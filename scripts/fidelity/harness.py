"""
What both vendors' checks are written with. Whoever started this process reads the lines on stdout and answers `spend`
on stdin.
"""

import json
import os
import sys
import time
import traceback
from urllib.request import Request, urlopen

import httpx
import pydantic

LIVE = os.environ.get("FIDELITY_LIVE") == "1"
ONE_PAGE = os.environ["FIDELITY_ONE_PAGE"]
"""Path of a PDF of one page that states a total."""
PATIENCE_S = 600 if LIVE else 60
POLL_S = 2 if LIVE else 0.05


class Skipped(Exception):
    pass


class Checks:
    """The checks of one vendor, run in the order in which they are written."""

    def __init__(self, vendor):
        self.vendor = vendor
        self.listed = []

    def __call__(self, endpoint, what, sandbox_only=False):
        def register(check):
            self.listed.append((endpoint, what, sandbox_only, check))
            return check

        return register

    def run(self):
        for endpoint, what, sandbox_only, check in self.listed:
            name = f"{self.vendor} {endpoint} {what}"
            try:
                if LIVE and sandbox_only:
                    raise Skipped("not on the real service")
                check()
                say(f"ok {name}")
            except Skipped as reason:
                say(f"skip {name}: {reason}")
            except Exception as error:  # a check may fail of anything; the next one is run all the same
                where = traceback.extract_tb(error.__traceback__)[-1]
                text = " ".join(f"{type(error).__name__}: {error}".split())[:500]
                say(f"FAIL {name}: {text} ({os.path.basename(where.filename)}:{where.lineno})")

    def note(self, question, answer):
        """What was seen of something that the vendor's documentation leaves open."""
        say(f"note {self.vendor} {question}: {answer}")


def say(line):
    print(line, flush=True)


def spend(pages, what):
    """Asks for leave before a call that is billed. Raises Skipped when the limit would be passed."""
    say(f"spend {pages} {what}")
    if sys.stdin.readline().strip() != "ok":
        raise Skipped("the page limit is reached")


def used(asked, reported):
    """The vendor's own count, which may be higher than what was asked for."""
    if reported is not None and reported > asked:
        say(f"used {asked} {reported}")


def once(make):
    """A part that several checks build on: made by the first, and not tried again when it failed."""
    kept = []

    def get():
        if not kept:
            try:
                kept.append((make(), None))
            except Exception as error:
                kept.append((None, error))
        value, error = kept[0]
        if error is not None:
            raise Skipped(str(error)) if isinstance(error, Skipped) else error
        return value

    return get


class Wire:
    """An httpx client that remembers its last reply, for what the SDKs hide: status, headers, the body as it came."""

    def __init__(self):
        self.last = None
        self.client = httpx.Client(event_hooks={"response": [self._keep]}, timeout=PATIENCE_S, follow_redirects=True)

    def _keep(self, response):
        response.read()
        self.last = response

    @property
    def body(self):
        """JSON, or the text where it is none."""
        try:
            return json.loads(self.last.text)
        except ValueError:
            return self.last.text


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def expect_equal(got, wanted, what):
    expect(got == wanted, f"{what}: expected {wanted!r}, got {got!r}")


def expect_read(got, wanted, what):
    """For what is read in the document. A real service's model may read it otherwise: that is its own affair."""
    if not LIVE:
        expect_equal(got, wanted, what)


def raised(kind, call, status=None):
    """The error that `call` raises, which must be of exactly this class."""
    try:
        call()
    except Exception as error:
        expect(type(error) is kind, f"expected {kind.__name__}, got {type(error).__name__}: {error}")
        if status is not None:
            expect_equal(error.status_code, status, "status")
        return error
    raise AssertionError(f"expected {kind.__name__}, nothing was raised")


def conforms(kind, body):
    """Checks a body as it came against an SDK's type, whose required fields must all be there."""
    pydantic.TypeAdapter(kind).validate_python(body)


def wait(read, is_ended):
    """Polls until `is_ended`; returns what was read last."""
    until = time.monotonic() + PATIENCE_S
    while True:
        value = read()
        if is_ended(value):
            return value
        expect(time.monotonic() < until, f"not ended after {PATIENCE_S} s: {value}")
        time.sleep(POLL_S)


def faults(rules):
    """Gives the sandbox a fault script; it replaces the one before."""
    body = json.dumps(rules).encode()
    request = Request(os.environ["FIDELITY_SANDBOX"] + "/_sandbox/faults", body, {"content-type": "application/json"})
    with urlopen(request) as reply:
        reply.read()


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def shape(body, depth=2):
    """The names and kinds of a body's fields, without the values, which may be somebody's."""
    if isinstance(body, dict) and depth > 0:
        return "{" + ", ".join(f"{key}: {shape(value, depth - 1)}" for key, value in body.items()) + "}"
    if isinstance(body, list):
        return "[]" if not body else f"[{shape(body[0], depth - 1)}]"
    return type(body).__name__
