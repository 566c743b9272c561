"""One request to an OpenAI-compatible endpoint through the official client, bounded in time and size.

What belongs here: the network. The endpoint is the operator's choice and may be on this machine; what it sends may be anything.
Nothing of an answer, nor the key, gets into a message.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import openai

from pipeline.policies.third_reader.instruction import INSTRUCTION, SCHEMA
from pipeline.settings import ReaderSettings

_SENT: Final = frozenset({"host", "accept", "content-type", "content-length", "connection", "authorization"})
_PLAIN: Final = {"accept-encoding": "identity", "user-agent": "h1b-sponsors"}


class NoAnswerError(Exception):
    """A request without a usable response; the message says why in a few words."""


class _TooLargeError(httpx2.TransportError):
    """More bytes than a response may have."""


@dataclass(frozen=True)
class Response:
    """The model's words, and the tokens of question and answer as the endpoint counts them, None where it doesn't."""

    answer: str
    tokens_in: int | None
    tokens_out: int | None


def ask(text: str, settings: ReaderSettings, seconds: float) -> Response:
    """Put a page to the model and wait at most so many seconds. Raises NoAnswerError."""
    try:
        return _response(asyncio.run(_body(text, settings, seconds)))
    except TimeoutError as error:
        raise NoAnswerError("no answer in time") from error
    except openai.APIStatusError as error:
        raise NoAnswerError(f"refused with status {error.status_code}") from error
    except openai.APITimeoutError as error:
        raise NoAnswerError("no answer in time") from error
    except openai.APIConnectionError as error:
        raise NoAnswerError("too large" if isinstance(error.__cause__, _TooLargeError) else "not reached") from error
    except openai.OpenAIError as error:
        raise NoAnswerError("not understood") from error


async def _body(text: str, settings: ReaderSettings, seconds: float) -> str:
    """Return the body of the response."""
    transport = _Bounded(settings.answer_bytes, with_key=bool(settings.key))
    async with (
        asyncio.timeout(seconds),
        openai.DefaultAsyncHttpxClient(transport=transport, follow_redirects=False, timeout=seconds) as http,
        openai.AsyncOpenAI(
            api_key=settings.key or "none", base_url=settings.url, http_client=http, max_retries=settings.retries
        ) as client,
    ):
        raw = await client.chat.completions.with_raw_response.create(
            model=settings.model,
            messages=[{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": text}],
            temperature=0,
            max_tokens=settings.answer_tokens,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "visa_policy", "strict": True, "schema": SCHEMA},
            },
        )
        return raw.text


def _response(body: str) -> Response:
    try:
        record: Any = json.loads(body)
        answer = record["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise NoAnswerError("not understood") from error
    if not isinstance(answer, str):
        raise NoAnswerError("not understood")
    usage = record.get("usage")
    counted = usage if isinstance(usage, dict) else {}
    return Response(answer, _count(counted.get("prompt_tokens")), _count(counted.get("completion_tokens")))


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 1e9 else None


class _Bounded(httpx2.AsyncHTTPTransport):
    """A transport that tells nothing of this machine and reads no more than `most` bytes of a response. No proxy, no redirect."""

    def __init__(self, most: int, *, with_key: bool) -> None:
        super().__init__()
        self._most = most
        self._sent = _SENT if with_key else _SENT - {"authorization"}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request without what the client says of Python, the system and itself."""
        headers = [(name, value) for name, value in request.headers.items() if name.lower() in self._sent]
        sent = httpx2.Request(
            request.method,
            request.url,
            headers=[*headers, *_PLAIN.items()],
            stream=request.stream,
            extensions=request.extensions,
        )
        response = await super().handle_async_request(sent)
        # A packed body, which was not requested, is not unpacked: it may be a bomb.
        headers = [(name, value) for name, value in response.headers.items() if name.lower() != "content-encoding"]
        stream = _BoundedStream(response.stream, self._most)
        return httpx2.Response(response.status_code, headers=headers, stream=stream, extensions=response.extensions)


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: Any, most: int) -> None:
        self._stream, self._left = stream, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._left -= len(chunk)
            if self._left < 0:
                raise _TooLargeError("more bytes than a response may have")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
