"""How the page puts Slack's texts into words: dates, emoji, mrkdwn, Markdown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.browser.conftest import Visit
from tests.browser.hung import hung

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOON = 1_775_736_000
"""2026-04-09 12:00 UTC."""

DAY = 86_400


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address() -> AsyncIterator[str]:
    """Instead of a demo's: that of a page that has the modules."""
    async with hung() as gallery:
        yield gallery.address


async def answers(visit: Visit, module: str, run: str, asked: list[Any]) -> list[Any]:
    """What `run`, a function of the `module` and one item, says of each."""
    page = await visit("/seat.html")
    script = f"""async (asked) => {{
      const module = await import("/static/{module}.js");
      const html = (nodes) => {{
        const holder = document.createElement("div");
        holder.append(...[nodes].flat(Infinity));
        return holder.innerHTML;
      }};
      return asked.map((one) => ({run})(module, one, html));
    }}"""
    said: list[Any] = await page.evaluate(script, asked)
    return said


DATES = [
    ("en-GB", 0, "{date_pretty}", "Today"),
    ("en-GB", DAY, "Due {date_short_pretty} {time}", "Due tomorrow 14:00"),
    ("en-US", DAY, "{date_long_pretty} at {time}", "Tomorrow at 2:00 PM"),
    ("es-ES", -DAY, "{date_pretty}", "Ayer"),
    ("pt-BR", DAY, "{day_divider_pretty}", "Amanhã"),
    ("de-DE", 0, "{date_short_pretty} {time}", "Heute 14:00"),
    ("en-US", 2 * DAY, "{date_pretty}", "April 11th"),
    ("en-US", 365 * DAY, "{date}", "April 9th, 2027"),
    ("en-GB", 2 * DAY, "{date_long}", "Saturday, 11th April 2026"),
    ("de-DE", 2 * DAY, "{date_long}", "Samstag, 11. April 2026"),
    ("es-ES", 2 * DAY, "{date_short}", "11 abr 2026"),
    ("es-ES", 2 * DAY, "{date_num} {date_slash}", "2026-04-11 11/04/2026"),
    ("en-US", 2 * DAY, "{date_slash} {time_secs}", "04/11/2026 2:00:00 PM"),
    ("en-US", 2 * DAY, "{date_long_full}", "April 11, 2026"),
    ("de-DE", 2 * DAY, "{day_divider_pretty}", "Samstag, 11. April"),
    ("en-GB", -180, "{ago}", "3 minutes ago"),
    ("es-ES", 2 * DAY, "vence {ago}", "vence dentro de 2 días"),
    ("pt-BR", 20, "{ago}", "Agora"),
    ("en-GB", 0, "{week}", "{week}"),
]


async def test_dates(visit: Visit) -> None:
    run = """({ dateWords }, [locale, away, format], _) =>
      dateWords(NOON + away, format, { locale, zone: "Europe/Madrid", now: NOON })"""
    asked = [[*one[:3]] for one in DATES]
    said = await answers(visit, "dates", run.replace("NOON", str(NOON)), asked)
    assert said == [one[3] for one in DATES]


EMOJI = {
    ":tada: done :+1::skin-tone-4:": "🎉 done 👍",
    "at 12:30:45": "at 12:30:45",
    ":no-such-name:": ":no-such-name:",
}


async def test_emoji(visit: Visit) -> None:
    run = "({ withEmoji }, words) => withEmoji(words)"
    assert await answers(visit, "emoji", run, [*EMOJI]) == [*EMOJI.values()]


MRKDWN = {
    "*a* _b_ ~c~ `*d*`": "<strong>a</strong> <em>b</em> <s>c</s> <code>*d*</code>",
    "2 * 3 * 4 and a_b_c": "2 * 3 * 4 and a_b_c",
    "*_both_*": "<strong><em>both</em></strong>",
    "1 &lt; 2 &amp; 3": "1 &lt; 2 &amp; 3",
    "&gt; one\n&gt; two\nthree": "<blockquote>one<br>two</blockquote>three",
    "&gt;&gt;&gt; all\nof it": "<blockquote>all<br>of it</blockquote>",
    "```\n*a*\n```": "<pre>*a*</pre>",
    "<@U1> <@U2|ben> <#C1>": '<span class="mention me">@Ana</span> '
    '<span class="mention">@ben</span> <span class="mention">#tasks</span>',
    "<javascript:alert(1)|x>": "x",
    "<!date^never^{date}|some day>": "some day",
    "(see https://a.test/b_c.)": '(see <a href="https://a.test/b_c" target="_blank" '
    'rel="noopener noreferrer">https://a.test/b_c</a>.)',
}


async def test_mrkdwn(visit: Visit) -> None:
    run = """({ mrkdwn }, source, html) =>
      html(mrkdwn(source, { id: "U1", names: { U1: "Ana" }, channels: { C1: "tasks" } }))"""
    assert await answers(visit, "text", run, [*MRKDWN]) == [*MRKDWN.values()]


MARKDOWN = {
    "# One\ntwo": '<h2 class="heading">One</h2><p>two</p>',
    "**a** *b* ~~c~~ `**d**` \\*e\\*": "<p><strong>a</strong> <em>b</em> <s>c</s> "
    "<code>**d**</code> *e*</p>",
    "- a\n  - b\n- c": "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
    "3. a\n4. b": '<ol start="3"><li>a</li><li>b</li></ol>',
    "> a\n> - b": "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>",
    "```py\n# no heading\n```\n***": "<pre># no heading</pre><hr>",
    "[x](javascript:alert(1))": "<p>x)</p>",
    "a_b_c <b>": "<p>a_b_c &lt;b&gt;</p>",
}


async def test_markdown(visit: Visit) -> None:
    run = "({ markdown }, source, html) => html(markdown(source))"
    assert await answers(visit, "markdown", run, [*MARKDOWN]) == [*MARKDOWN.values()]
