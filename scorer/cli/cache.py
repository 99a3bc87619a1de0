"""`score-answer cache`: what is kept between runs, and forgetting it."""

from __future__ import annotations

import click

from scorer.cli.shared import HELP, reports_errors, show


@click.group(context_settings=HELP)
def cache() -> None:
    """Look at the cache of parsed references, or clear it. It never changes a result."""


@cache.command("info")
@reports_errors
def info() -> None:
    """Say where the cache is, how much is in it, and how much may be."""
    from scorer.cache import SIZE_LIMIT, Cache

    kept = Cache()
    entries, size = kept.size()
    show(f"{kept.folder}: {entries:,} references, {size / 2**20:.1f} of at most {SIZE_LIMIT / 2**20:.0f} MB")


@cache.command("clear")
@reports_errors
def clear() -> None:
    """Forget all that is kept."""
    from scorer.cache import Cache

    show(f"{Cache().clear():,} references forgotten")
