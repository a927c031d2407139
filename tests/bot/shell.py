"""The command line, run in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

ENV = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_SIGNING_SECRET": "5ec2e7",
    "SLACK_API_URL": "http://127.0.0.1:9/",
    "RETEN_API_KEY": "rtn_sk_verysecret",
    "RETEN_BASE_URL": "http://127.0.0.1:9",
    "TASKBELL_QUIET_HOURS": "off",  # commands go by the machine's clock, whatever hour it is
}


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str


class Shell:
    """Runs the program in a folder of its own, in this process, as its entry point would."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._patch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: str, status: int = 0, **env: Any) -> Said:
        with self._patch.context() as patch:
            patch.setattr("sys.argv", ["taskbell", *words])
            for name, value in {**ENV, **env}.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = self._capsys.readouterr()
        code = ended.value.code if isinstance(ended.value.code, int) else 0
        said = Said(code, out, err)
        assert said.status == status, said
        for secret in ("xoxb-1-secret", "5ec2e7", "rtn_sk_verysecret"):
            assert secret not in out + err
        return said

    def links(self) -> list[tuple[str, str, str]]:
        rows = json.loads(self("links", "list", "--json").out)
        return [(row["slack_user"], row["connection"], row["operator"]) for row in rows]

    def csv(self, text: str | bytes) -> str:
        path = self.folder / "people.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)
