"""Asks Graph, and says in our words what it refuses; its own may repeat what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import orjson

TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
PAGES_AT_MOST: Final = 20


class Refused(Exception):
    """Graph did not tell.

    Args:
        reason: in our words.
        code: Graph's ``error.code``; ``None`` when it was not Graph that answered, or nobody.
    """

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.code = code


class Asking:
    """GET requests to Graph.

    Attributes:
        ahead: seconds by which Graph's clock was ahead of ours at the last answer; ``None`` before
            it, or where nobody says what time it is.
    """

    def __init__(self, session: aiohttp.ClientSession, base_url: str, token: str) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._token = token
        self.ahead: float | None = None

    async def get(self, path: str, token: str = "", **parameters: str) -> Mapping[str, Any]:
        """One answer.

        Args:
            token: in place of the access token.

        Raises:
            Refused: there is none.
        """
        headers = {"Authorization": f"Bearer {token or self._token}"}
        try:
            async with self._session.get(
                f"{self._base_url}/{path}",
                headers=headers,
                params=parameters,
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as answer:
                self._look_at_the_clock(answer.headers.get("Date", ""))
                raw = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as wrong:
            raise Refused(f"Graph could not be reached ({type(wrong).__name__})") from None
        return _document(raw, answer.status)

    async def all_of(self, path: str, **parameters: str) -> list[Mapping[str, Any]]:
        """What a list of several pages holds. Raises as :meth:`get`."""
        found: list[Mapping[str, Any]] = []
        for _ in range(PAGES_AT_MOST):
            page = await self.get(path, **parameters)
            found += objects(page.get("data"))
            paging = page.get("paging")
            after = _at(_at(paging, "cursors"), "after")
            if not after or not _at(paging, "next"):
                break
            parameters["after"] = str(after)
        return found

    def _look_at_the_clock(self, date: str) -> None:
        try:
            self.ahead = (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            self.ahead = None


def objects(listed: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; empty for anything else."""
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _at(document: Any, key: str) -> Any:
    return document.get(key) if isinstance(document, dict) else None


def _document(raw: bytes, status: int) -> Mapping[str, Any]:
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise Refused(f"something other than Graph answered (HTTP {status})")
    if "error" in document or status != HTTPStatus.OK:
        code = _at(document.get("error"), "code")
        code = code if isinstance(code, int) else None
        raise Refused(f"Graph refused (HTTP {status}, code {code})", code)
    return document
