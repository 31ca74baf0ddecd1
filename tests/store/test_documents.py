"""Texts kept by their hash, and which is in force."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.store import tables
from bot.store.database import Database
from bot.store.documents import adopt, adopted, any_adopted, document, keep_document
from tests.store.given import TEAM, after, begin


async def put_in_force(database: Database, hash: str, minutes: int = 0) -> None:
    async with database.write() as tx:
        await keep_document(tx, TEAM, "policy", hash, f"text of {hash}")
        await adopt(tx, TEAM, "policy", hash, after(minutes=minutes))


async def test_a_document_is_found_by_its_hash_in_its_team(database):
    await put_in_force(database, "h1")
    async with database.read() as tx:
        assert await document(tx, TEAM, "h1") == "text of h1"
        assert await document(tx, TEAM, "h2") is None
        assert await document(tx, "T2", "h1") is None


async def test_a_document_is_kept_once_and_stays_as_it_is(database):
    await put_in_force(database, "h1")
    async with database.write() as tx:
        await keep_document(tx, TEAM, "policy", "h1", "another text")
        assert await document(tx, TEAM, "h1") == "text of h1"


async def test_the_last_adopted_is_in_force_even_if_it_was_before(database):
    for minutes, hash in enumerate(["h1", "h2", "h2", "h1"]):
        await put_in_force(database, hash, minutes)
        async with database.read() as tx:
            assert await adopted(tx, TEAM, "policy") == hash
    adoption = tables.adoption.c
    async with database.read() as tx:
        history = await tx.execute(select(adoption.hash).order_by(adoption.number))
        assert history.scalars().all() == ["h1", "h2", "h1"]


async def test_each_team_and_kind_has_its_own_in_force(database):
    async with database.read() as tx:
        assert not await any_adopted(tx, "policy")
    await put_in_force(database, "h1")
    async with database.read() as tx:
        assert await adopted(tx, "T2", "policy") is None
        assert await adopted(tx, TEAM, "playbook") is None
        assert await any_adopted(tx, "policy")
        assert not await any_adopted(tx, "playbook")


async def test_bots_may_adopt_at_the_same_time(database):
    await asyncio.gather(*(put_in_force(database, f"h{n}") for n in range(8)))
    async with database.read() as tx:
        numbers = (await tx.execute(select(tables.adoption.c.number))).scalars().all()
    assert sorted(numbers) == list(range(1, 9))


async def test_only_what_was_kept_can_be_adopted(database):
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await adopt(tx, TEAM, "policy", "h1", after())


async def test_adopting_uses_up_no_incident_number(database):
    await put_in_force(database, "h1")
    assert (await begin(database)).number == 1
