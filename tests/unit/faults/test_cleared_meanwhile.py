"""Threads that clear the cache, or log out, while others send requests."""

from __future__ import annotations

import threading

import pytest
from gazu import cache
from gazu import client as raw


def together(*works):
    errors = []

    def run(work):
        try:
            for _ in range(300):
                work()
        except Exception as error:
            errors.append(error)

    threads = [
        threading.Thread(target=run, args=(work,)) for work in works * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_the_cache_may_be_cleared_while_it_is_used():
    cached = cache.cache(lambda number: {"number": number}, maxsize=3)
    numbers = iter(range(10**6))
    cache.enable()
    try:
        works = (
            lambda: cached(next(numbers) % 7),
            cached.clear_cache,
            lambda: cached(1),
        )
        assert together(*works) == []
    finally:
        cache.disable()
        cache.cached_functions.remove(cached)


@pytest.mark.parametrize("nothing", [{}])
def test_headers_may_be_made_during_a_logout(client, nothing):
    def log_in():
        client.tokens = {"access_token": "t", "refresh_token": "r"}

    def log_out():
        raw.set_tokens(nothing, client=client)

    def headers():
        client.make_auth_header()
        assert client.refresh_token in ("r", None)

    assert together(log_in, log_out, headers) == []
