"""HTML as blocks, with what is above each."""

from __future__ import annotations

import random

import pytest

from pipeline.documents.page import blocks_of


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("<p>R\xe9sum\xe9</p>".encode("latin-1"), None),
        ("<p>R\xe9sum\xe9</p>".encode(), None),
        ("<meta charset=iso-8859-1><p>R\xe9sum\xe9</p>".encode("latin-1"), None),
        ("<p>R\xe9sum\xe9</p>".encode("utf-16"), None),
        ("<p>R\xe9sum\xe9</p>".encode("cp1252"), "no-such-charset"),
        ("<p>R\xe9sum\xe9</p>".encode("latin-1"), "latin-1"),
        ("<meta charset=utf-8><p>R\xe9sum\xe9</p>".encode("latin-1"), None),
        ("<meta charset=utf-8><p>R\xe9sum".encode() + b"\xe9</p>", None),
        ("<meta charset=undefined><p>R\xe9sum\xe9</p>".encode(), "hex"),
    ],
)
def test_encodings(content: bytes, encoding: str | None) -> None:
    assert [block.text for block in blocks_of(content, "html", encoding)] == ["R\xe9sum\xe9"]


def test_blocks_know_their_surroundings() -> None:
    page = (
        b"<h1>Apply</h1><h2>Visas</h2><p>You must be:</p><ul><li>a citizen</li></ul><details><summary>Cost?</summary>"
        b"<p>None.</p></details><dl><dt>Term</dt><dd>Value</dd></dl><table><tr><th>A<th>B<tr><td>1<td>2</table>"
    )
    blocks = {block.text: block for block in blocks_of(page, "html")}
    assert blocks["a citizen"].intro == "You must be:"
    assert blocks["a citizen"].headings == ("Apply", "Visas")
    assert blocks["None."].question == "Cost?"
    assert blocks["Term\nValue"].cells[0] == ("Term", "Value")
    assert blocks["1 2"].cells == (("A", "1"), ("B", "2"))


@pytest.mark.parametrize("raised", ["2", "²", "1" * 5000, "TM"])
def test_raised_signs_stop_no_page(raised: str) -> None:
    (block,) = blocks_of(f"<p>We sponsor J-1<sup>{raised}</sup></p>".encode(), "html")
    assert block.text.startswith("We sponsor J-1")


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("<p>kept</p><script>left out</script><style>left out</style><!-- left out --><template>left out</template>", "kept"),
        ("<p>kept <del>left out</del><s>left out</s></p>", "kept"),
        ('<p>kept <span style="text-decoration: line-through">left out</span></p>', "kept"),
        ("<nav><a href=#>left out</a></nav><p>a line that is kept</p>", "a line that is kept"),
        ('<p><img alt="Yes" src="a.png"></p>', "Yes"),
        ('<p>J-1 <i class="fa fa-check"></i></p>', "J-1 ✓"),
        ("<p>J-1 <input type=checkbox checked></p>", "J-1 ☑"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_reader_sees(page: str, kept: str) -> None:
    assert " ".join(block.text for block in blocks_of(page.encode(), "html")) == kept


def test_length_adds_blocks_one_by_one() -> None:
    rnd = random.Random(7)
    body = "".join(f"<p>Filler {rnd.randrange(10**6)} about rounds and lectures.</p>" for _ in range(300))
    assert len(blocks_of(body.encode(), "html")) == 300
    assert len(blocks_of((body + body).encode(), "html")) == 600


def test_a_page_without_end_is_cut_and_says_so() -> None:
    assert blocks_of(b"<p>x</p>" * 130_000, "html")[-1].kind == "cut"


def test_a_panel_is_read_under_the_tab_that_names_it() -> None:
    page = (
        b'<h1>Visas</h1><ul class="nav nav-tabs" role="tablist"><li><a role="tab" id="x" href="#b">Two</a></li>'
        b'<li><a role="tab" aria-controls="a">One</a></li></ul><div role="tabpanel" id="a"><p>first</p></div>'
        b'<div class="tab-pane" aria-labelledby="x"><p>second</p></div>'
    )
    blocks = {block.text: block.headings for block in blocks_of(page, "html")}
    assert blocks["first"] == ("Visas", "One")
    assert blocks["second"] == ("Visas", "Two")


@pytest.mark.parametrize(
    "page",
    [
        '<iframe srcdoc="&lt;p&gt;seen&lt;/p&gt;"></iframe>',
        "<div><template shadowrootmode=open><p>seen</p></template></div>",
    ],
)
def test_what_a_browser_shows_of_embedded_pages_is_read(page: str) -> None:
    assert [block.text for block in blocks_of(page.encode(), "html")] == ["seen"]
