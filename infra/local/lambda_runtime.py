"""Runs the deployed functions as Lambda would: from their zip, in a process of their own, warm."""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
import threading
import time
import uuid
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra.local.calls import credentials
from infra.local.limits import functions
from infra.local.limits.errors import Refusal
from infra.local.place import ACCOUNT, REGION

_BOOTSTRAP = Path(__file__).with_name("lambda_bootstrap.py")
_PASSED_ON = (
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_EC2_METADATA_DISABLED",
    "MALLFEED_STACK_PROCESS",
)


class FunctionError(Exception):
    """The handler raised, ran out of time or its process died, or Lambda refused the event or the answer.

    Attributes
    ----------
    kind : name of the handler's exception, `Timeout` or `ProcessDied`, or Lambda's own code
    """

    def __init__(self, function: str, kind: str, message: str) -> None:
        super().__init__(f"{function}: {kind}: {message}")
        self.kind = kind


class Function:
    """One function; calls run one after another (reserved concurrency 1).

    Parameters
    ----------
    properties : of the AWS::Lambda::Function, literal
    package : the unpacked zip
    environment : of the stack; only endpoints of it reach the handler, beside credentials of the function's role
    log : file for what the handler prints
    """

    def __init__(
        self,
        properties: Mapping[str, Any],
        package: Path,
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        self.name: str = properties["FunctionName"]
        self.timeout_s = float(properties.get("Timeout", 3))
        self._properties = properties
        self._package = package
        self._environment = environment
        self._log = log
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._answers = -1
        self._rest = b""

    def environment(self) -> dict[str, str]:
        """The stack's, with credentials of the function's role; with none if it has no role.

        Raises FunctionError if Lambda cannot assume the role.
        """
        bare = {k: v for k, v in self._environment.items() if k not in credentials.VARIABLES}
        role = self._properties.get("Role")
        if role is None:
            return bare
        try:
            return credentials.of_session(bare, role, credentials.LAMBDA, self.name)
        except credentials.NoCredentials as none:
            raise FunctionError(self.name, "AccessDenied", str(none)) from none

    def warm(self) -> None:
        """Start the process, so that the first call does not wait for its imports."""
        with self._lock:
            self._ready()

    def call(self, event: Mapping[str, Any]) -> Any:
        """What the handler returns for the event; raises FunctionError."""
        try:
            functions.check_request(functions.payload(event), asynchronous=False)
            answer = self._asked(event)
            if "error" in answer:
                error = answer["error"]
                raise FunctionError(self.name, error["errorType"], error["errorMessage"])
            functions.check_answer(answer["result"])
        except Refusal as refusal:
            raise FunctionError(self.name, refusal.code, refusal.message) from refusal
        return answer["result"]

    def _asked(self, event: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            process = self._ready()
            request = {
                "event": event,
                "id": str(uuid.uuid4()),
                "arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}",
                "timeout_s": self.timeout_s,
            }
            return self._exchange(process, json.dumps(request).encode() + b"\n")

    def change(self, properties: Mapping[str, Any], package: Path) -> None:
        """Serve further calls from a new deployment; a call under way finishes with the old one."""
        with self._lock:
            if (properties, package) == (self._properties, self._package):
                return
            self.timeout_s = float(properties.get("Timeout", 3))
            self._properties, self._package = properties, package
            self._drop()

    def close(self) -> None:
        """End the process for good: a call under way fails, later ones are refused."""
        self._closed = True
        if (process := self._process) is not None:
            process.kill()
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        os.close(self._answers)
        self._process = None

    def _exchange(self, process: subprocess.Popen[bytes], line: bytes) -> dict[str, Any]:
        assert process.stdin is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except BrokenPipeError:
            self._give_up("ProcessDied", "the process died before it received the event")
        self._rest = b""
        until = time.monotonic() + self.timeout_s
        while b"\n" not in self._rest:
            left_s = max(0.0, until - time.monotonic())
            if not select.select([self._answers], [], [], left_s)[0]:
                self._give_up("Timeout", f"no answer within {self.timeout_s:g} s")
            part = os.read(self._answers, 1 << 16)
            if not part:
                self._give_up("ProcessDied", f"the process died, see {self._log}")
            self._rest += part
        answer: dict[str, Any] = json.loads(self._rest)
        return answer

    def _give_up(self, kind: str, message: str) -> None:
        self._drop()
        raise FunctionError(self.name, kind, message)

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise FunctionError(self.name, "Closed", "the pump has ended")
        if self._process is not None and self._process.poll() is not None:
            self._drop()
        if self._process is None:
            self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        python = getattr(sys, "_base_executable", sys.executable)
        self._answers, theirs = os.pipe()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        command = [python, "-I", "-S", "-u", str(_BOOTSTRAP)]
        # The bootstrap answers on descriptor 3; this gives the descriptor that number without a shell.
        relay = "import os,sys;fd=int(sys.argv[1]);os.dup2(fd,3) if fd!=3 else os.set_inheritable(3,True);"
        relay += "os.execv(sys.argv[2],sys.argv[2:])"
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [
                    python,
                    "-I",
                    "-S",
                    "-c",
                    relay,
                    str(theirs),
                    *command,
                    str(self._package),
                    self._properties["Handler"],
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._own_environment(),
                cwd=self._package,
                pass_fds=[theirs],
            )
        os.close(theirs)
        return process

    def _own_environment(self) -> dict[str, str]:
        stack = self.environment()
        passed = (*_PASSED_ON, *credentials.VARIABLES)
        given = {name: stack[name] for name in passed if name in stack}
        marked = {k: v for k, v in os.environ.items() if k == "MALLFEED_STACK_PROCESS"}
        variables = self._properties.get("Environment", {}).get("Variables", {})
        return {
            **marked,
            **given,
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "POWERTOOLS_TRACE_DISABLED": "true",
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self._properties.get("MemorySize", 128)),
            "LAMBDA_TASK_ROOT": str(self._package),
            **{key: str(value) for key, value in variables.items()},
        }


def unpack(zipped: bytes, into: Path) -> Path:
    """The zip's files in a folder named after its hash; unpacked only at the first call."""
    folder = into / hashlib.sha256(zipped).hexdigest()[:16]
    if not folder.exists():
        into.mkdir(parents=True, exist_ok=True)
        draft = into / f"{folder.name}.{uuid.uuid4().hex}"
        draft.mkdir()
        archive = draft / "code.zip"
        archive.write_bytes(zipped)
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(draft)
        archive.unlink()
        try:
            draft.rename(folder)
        except OSError:
            shutil.rmtree(draft)
    return folder
