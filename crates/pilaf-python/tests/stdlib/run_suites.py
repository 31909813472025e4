"""Runs CPython's own tests of BytesIO and SpooledTemporaryFile against pilaf's classes.

Run by test_stdlib_suites.py in a process of its own, since it replaces a class of `tempfile`.
Prints one JSON object.
"""

import io
import json
import sys
import tempfile
import unittest

import pilaf.io

# What looks into the insides of CPython's classes, and so cannot hold for another one.
EXCEPTIONS = {
    "BytesIOTest.test_sizeof": "compares the struct of io.BytesIO itself, field by field",
}


def bytes_io_cases():
    from test import test_memoryio

    class BytesIOTest(test_memoryio.CBytesIOTest):
        ioclass = pilaf.io.BytesIO
        UnsupportedOperation = io.UnsupportedOperation

    class BytesIOAgainstPythonsTest(test_memoryio.PyBytesIOTest):
        ioclass = pilaf.io.BytesIO
        UnsupportedOperation = io.UnsupportedOperation

    # test_pickling looks the class up by name in the module it claims to be from.
    for case in (BytesIOTest, BytesIOAgainstPythonsTest):
        case.__qualname__ = case.__name__
    return [BytesIOTest, BytesIOAgainstPythonsTest]


def spooled_cases():
    from test import test_tempfile

    class SpooledTest(test_tempfile.TestSpooledTemporaryFile):
        def setUp(self):
            super().setUp()
            original = tempfile.SpooledTemporaryFile
            tempfile.SpooledTemporaryFile = pilaf.io.SpooledTemporaryFile
            self.addCleanup(setattr, tempfile, "SpooledTemporaryFile", original)

    SpooledTest.__qualname__ = SpooledTest.__name__
    return [SpooledTest]


def load(cases):
    suite = unittest.TestSuite()
    excepted = {}
    for case in cases:
        for test in unittest.defaultTestLoader.loadTestsFromTestCase(case):
            name = f"{case.__name__}.{test._testMethodName}"
            if name in EXCEPTIONS:
                excepted[name] = EXCEPTIONS[name]
            else:
                suite.addTest(test)
    return suite, excepted


def main():
    suite, excepted = load(bytes_io_cases() + spooled_cases())
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=1).run(suite)
    failed = result.failures + result.errors
    report = {
        "python": sys.version.split()[0],
        "run": result.testsRun,
        "failed": {str(test): text for test, text in failed},
        "skipped": {str(test): reason for test, reason in result.skipped},
        "excepted": excepted,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
