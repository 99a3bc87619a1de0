"""Bodies and parameters of requests, within limits."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

# Characters of an answer; nobody writes more in one sitting, and scoring that many takes a second.
LONGEST_ANSWER = 20_000
# Bytes of a body: that many characters of four bytes, each byte percent-encoded in three, and something beside.
_LARGEST_BODY = 12 * LONGEST_ANSWER + 10_000
_MOST_FIELDS = 10
# Digits of an attempt's id.
_LONGEST_NUMBER = 12
# A day; longer times are a forgotten page.
_LONGEST_TIME = 86_400


async def body_of(request: Request, media_type: str) -> bytes:
    """The body. Raises HTTPException where it is of another type (415) or larger than is read (413)."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        raise HTTPException(415, f"the content type is {given or 'not given'}; send {media_type}")
    length = request.headers.get("content-length", "0")
    body = bytearray()
    if not length.isdecimal() or int(length) <= _LARGEST_BODY:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                break
        else:
            return bytes(body)
    raise HTTPException(413, f"the request has more than {_LARGEST_BODY:,} bytes; send less")


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form. Raises HTTPException as `body_of`, and where it is malformed (400)."""
    body = await body_of(request, "application/x-www-form-urlencoded")
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400, "the form is malformed; send it from the page") from error
    return {name: values[-1] for name, values in fields.items()}


def answer_of(text: str) -> str:
    """The text itself. Raises HTTPException where it is too long for an answer (422)."""
    if len(text) > LONGEST_ANSWER:
        raise HTTPException(
            422, f"the answer has {len(text):,} characters, the limit is {LONGEST_ANSWER:,}; shorten it"
        )
    return text


def seconds_of(text: str) -> int | None:
    """How long the answer took, as the page measured it; None where it did not."""
    plain = text.isascii() and text.isdecimal() and len(text) <= 6
    return int(text) if plain and 0 < int(text) <= _LONGEST_TIME else None


def number_of(text: str) -> int | None:
    """The id of an attempt in an address; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None
