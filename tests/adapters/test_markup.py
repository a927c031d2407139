"""HTML as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from adapters.markup import LONGEST_READ, plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Flur & Keller,\n  bitte", "Flur & Keller, bitte"),
        ("<p>Bitte <b>Flur</b> &amp; Keller.</p><ul><li>Fenster</li><li>T&uuml;r</li></ul>",
         "Bitte Flur & Keller. Fenster Tür"),
        ("eins<br>zwei<br/>drei<hr />vier", "eins zwei drei vier"),
        ("<b>Trep</b>pe", "Treppe"),
        ("a &lt;b&gt; &#8364;&nbsp;5", "a <b> € 5"),
        ("3 < 5 & 7 > 6", "3 < 5 & 7 > 6"),
        ("<style>p{color:red}</style><script>if (a<b) x()</script>Text<!-- nein -->", "Text"),
        ("<template><p>nein</p></template>ja", "ja"),
        ("</script></style>ja", "ja"),
        ("Text ohne Ende &am", "Text ohne Ende &am"),
    ],
)  # fmt: skip
def test_what_a_person_would_read(html: str, text: str) -> None:
    assert plain_text(html, 200) == text


def test_long_texts_are_cut() -> None:
    assert plain_text("<p>" + "ab " * 100, 10) == "ab ab ab…"
    assert plain_text("abcdefghij", 10) == "abcdefghij"


@pytest.mark.parametrize("length", [900, 990, 1010, 5000])
def test_no_length_parts_a_word_or_a_tag(length: int) -> None:
    html = f"<p>a<!--{'x' * length}-->b</p><p>T&uuml;r</p>"
    assert plain_text(html, 200) == "ab Tür"


def test_a_picture_in_the_text_is_not_read_to_its_end() -> None:
    picture = f'<p>Vorher</p><img src="data:image/png;base64,{"A" * LONGEST_READ}">nachher'
    assert plain_text(picture, 200) == "Vorher"


@given(st.text(st.sampled_from("<>&;!-/='\" apbri#x0"), max_size=60), st.integers(1, 30))
def test_nothing_is_too_odd(html: str, longest: int) -> None:
    text = plain_text(html, longest)
    assert len(text) <= longest
    assert text == " ".join(text.split())
