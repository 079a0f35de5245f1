"""Failures of the shared suite are shown like those of a test's own file."""

import pytest

pytest.register_assert_rewrite("tests.contract.formats.suite")
