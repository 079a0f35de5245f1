"""Runs in a function's process: imports the handler from the unpacked zip and serves requests.

Started as `python -I -S lambda_bootstrap.py FOLDER MODULE.FUNCTION`: besides Python's own library
it sees only that folder. Requests are JSON lines on standard input, answers JSON lines
on descriptor 3; what the handler prints goes to the log.
"""

import importlib
import json
import os
import sys
import time
import traceback
from typing import Any


class Context:
    """What Lambda passes to a handler beside the event."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = "$LATEST"
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.invoked_function_arn = request["arn"]
        self.aws_request_id = request["id"]
        self.log_group_name = "/aws/lambda/" + self.function_name
        self.log_stream_name = "local"
        self._deadline = time.monotonic() + request["timeout_s"]

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def failure(error: Exception) -> dict[str, Any]:
    """The error in the format of Lambda's API."""
    return {
        "errorType": type(error).__name__,
        "errorMessage": str(error),
        "stackTrace": traceback.format_exception(error),
    }


def main(folder: str, handler_name: str) -> None:
    answers = os.fdopen(3, "w", encoding="utf-8")
    sys.path.insert(0, folder)
    module, function = handler_name.rsplit(".", 1)
    handler = getattr(importlib.import_module(module), function)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": handler(request["event"], Context(request))}
            text = json.dumps(answer)
        except Exception as error:
            traceback.print_exc()
            text = json.dumps({"error": failure(error)})
        sys.stdout.flush()
        answers.write(text + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
