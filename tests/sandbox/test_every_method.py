"""Every method of the sandbox, driven through the unmodified Python SDK, sync and async, and held against the documented
answers; and the table in the README, which says what there is."""

import asyncio
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from slack_sdk.web.async_client import AsyncWebClient

import bot.sandbox
from bot.sandbox import Sandbox
from bot.sandbox.methods import METHODS
from tests.sandbox.answers import differences, notation, shape
from tests.sandbox.examples import EXAMPLES
from tests.sandbox.refusals import REFUSALS
from tests.sandbox.scene import Arguments, Scene, form

README = Path(bot.sandbox.__file__).with_name("README.md")
_ROW = re.compile(r"^\| `([a-z]\w*\.[\w.]+)` \| (.+?) \|", re.MULTILINE)


async def _sync(sandbox: Sandbox, method: str, arguments: Any) -> Any:
    client = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    return await asyncio.to_thread(getattr(client, method.replace(".", "_")), **arguments)


async def _async(sandbox: Sandbox, method: str, arguments: Any) -> Any:
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    return await getattr(client, method.replace(".", "_"))(**arguments)


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_the_sdk_calls_it_sync_and_async_and_gets_what_slack_documents(method: str):
    assert method in EXAMPLES, f"{method} has no example: add one to tests/sandbox/examples.py"
    example, fields = EXAMPLES[method]
    answers = []
    for drive in (_sync, _async):
        async with Sandbox() as sandbox:
            try:
                answer = (await drive(sandbox, method, example(Scene(sandbox)))).data
            except SlackApiError as refused:
                answer = refused.response.data
        assert list(differences(answer, notation(f"ok, {fields}"))) == []
        assert answer["ok"] or answer["error"] == "not_in_channel"
        answers.append(shape(answer))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("method", sorted(REFUSALS))
async def test_each_error_it_declares_can_be_brought_about(method: str, http: aiohttp.ClientSession):
    refusals, facts = REFUSALS[method], METHODS[method]
    assert set(refusals) == {*facts.errors.split(), *facts.inferred.split()}
    async with Sandbox() as sandbox:
        scene = Scene(sandbox)
        for error, arguments in refusals.items():
            assert (await _refused(http, sandbox, method, arguments(scene)))["error"] == error


async def _refused(http: aiohttp.ClientSession, sandbox: Sandbox, method: str, arguments: Arguments) -> Any:
    """The answer to a form."""
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with http.post(sandbox.api_url + method, data=form(arguments), headers=headers) as response:
        return await response.json()


def test_no_method_declares_errors_that_nobody_has_seen():
    unseen = {method for method, facts in METHODS.items() if facts.errors or facts.inferred} - set(REFUSALS)
    assert not unseen, "add the calls that bring them about to tests/sandbox/refusals.py"


def test_there_is_no_example_of_a_method_that_is_not_there():
    assert set(EXAMPLES) <= set(METHODS)


def test_the_readme_lists_every_method_and_claims_only_what_there_is():
    rows = dict(_ROW.findall(README.read_text("utf-8")))
    assert set(METHODS) <= set(rows), "a method is missing from the table in bot/sandbox/README.md"
    claimed = {method for method, supported in rows.items() if supported != "–"}
    assert claimed == set(METHODS), "the table says of a method that it is supported, or that it is not, wrongly"
