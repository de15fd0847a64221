"""A client of pyright's language server, which sends what an editor sends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


class LanguageServer:
    """In the texts of its requests, ``|`` is the position of the cursor."""

    def __init__(self, folder: Path) -> None:
        self._uri = folder.as_uri()
        self._messages = 0
        self._documents = 0

    def __enter__(self) -> LanguageServer:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pyright.langserver", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        markdown = {"documentationFormat": ["markdown"]}
        self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": self._uri,
                "workspaceFolders": [{"uri": self._uri, "name": "editor"}],
                "capabilities": {
                    "workspace": {"configuration": True},
                    "textDocument": {
                        "hover": {"contentFormat": ["markdown"]},
                        "signatureHelp": {"signatureInformation": markdown},
                    },
                },
            },
        )
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._ask("shutdown", None)
            self._send({"method": "exit"})
            self._process.wait(10)
        finally:
            self._process.kill()
            self._process.communicate()

    def hover(self, text: str) -> str:
        """Return the text that an editor shows at the cursor."""
        answer = self._at_cursor("textDocument/hover", text) or {}
        return answer.get("contents", {}).get("value", "")

    def signatures(self, text: str) -> list[dict[str, Any]]:
        """Return the signatures of the call around the cursor."""
        return self._at_cursor("textDocument/signatureHelp", text)[
            "signatures"
        ]

    def completions(self, text: str) -> set[str]:
        """Return the completions at the cursor."""
        answer = self._at_cursor("textDocument/completion", text)
        return {item["label"] for item in answer["items"]}

    def _at_cursor(self, method: str, text: str) -> Any:
        before, after = text.split("|")
        self._documents += 1
        document = "{}/script{}.py".format(self._uri, self._documents)
        self._send(
            {
                "method": "textDocument/didOpen",
                "params": {
                    "textDocument": {
                        "uri": document,
                        "languageId": "python",
                        "version": 1,
                        "text": before + after,
                    }
                },
            }
        )
        position = {
            "line": before.count("\n"),
            "character": len(before.rpartition("\n")[2]),
        }
        return self._ask(
            method, {"textDocument": {"uri": document}, "position": position}
        )

    def _ask(self, method: str, params: Any) -> Any:
        self._messages += 1
        number = self._messages
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                return message["result"]
            if "id" in message and "method" in message:
                self._send(
                    {"id": message["id"], "result": self._told(message)}
                )

    def _told(self, message: dict[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        items = message["params"]["items"]
        return [{"pythonPath": sys.executable} for _ in items]

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(dict(message, jsonrpc="2.0")).encode()
        head = "Content-Length: {}\r\n\r\n".format(len(body)).encode()
        self._process.stdin.write(head + body)
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        length = None
        while True:
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError("the language server has ended")
            if not line.strip():
                break
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        return json.loads(self._process.stdout.read(length))
