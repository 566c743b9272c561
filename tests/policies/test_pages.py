"""HTML pages in the forms that sites use: tables, lists, accordions, marks, struck-out text, several programs."""

from __future__ import annotations

import pytest

from pipeline.policies.reading import read_page

CASES = {
    "check mark pictures": (
        '<table><tr><th>Visa</th><th>Sponsored</th></tr><tr><td>J-1</td><td><img src="a.png" alt="yes"></td></tr>'
        '<tr><td>H-1B</td><td><img src="b.png" alt="no"></td></tr></table>',
        "j1_only", "yes", "no",
    ),
    "icons of a font": (
        '<ul><li>J-1 <i class="fa fa-check"></i></li><li>H-1B <i class="fa fa-times"></i></li></ul>',
        "j1_only", "yes", "no",
    ),
    "programs across, visas down": (
        "<table><tr><th></th><th>Neurology</th><th>Urology</th></tr><tr><td>J-1</td><td>Yes</td><td>Yes</td></tr>"
        "<tr><td>H-1B</td><td>No</td><td>Yes</td></tr></table>",
        "both", "yes", "yes",
    ),
    "programs down, visas in one cell": (
        "<table><tr><th>Program</th><th>Visas sponsored</th></tr><tr><td>Neurology</td><td>J-1, H-1B</td></tr>"
        "<tr><td>Urology</td><td>J-1</td></tr></table>",
        "j1_only", "yes", "not_stated",
    ),
    "columns for accepted and not accepted": (
        "<table><tr><th>Accepted visas</th><th>Visas not accepted</th></tr><tr><td>J-1</td><td>H-1B</td></tr></table>",
        "j1_only", "yes", "no",
    ),
    "crosses chosen under yes and no": (
        "<table><tr><th>Do you sponsor?</th><th>Yes</th><th>No</th></tr><tr><td>J-1 visa</td><td>X</td><td></td></tr>"
        "<tr><td>H-1B visa</td><td></td><td>X</td></tr></table>",
        "j1_only", "yes", "no",
    ),
    "marks without header": (
        "<table><tr><td>H-1B</td><td>&#10004;</td></tr><tr><td>J-1</td><td>&#10004;</td></tr></table>",
        "both", "yes", "yes",
    ),
    "spanning cells": (
        "<table><tr><th rowspan=2>Department</th><th colspan=2>Visas</th></tr><tr><th>J-1</th><th>H-1B</th></tr>"
        "<tr><td>Neurology</td><td>yes</td><td>yes</td></tr><tr><td>Urology</td><td>yes</td><td>no</td></tr></table>",
        "j1_only", "yes", "no",
    ),
    "layout table": (
        "<table><tr><td><a href=#>Home</a><br><a href=#>Apply</a></td><td><h1>Urology</h1><p>We sponsor J-1 and H-1B visas."
        "</p></td></tr></table>",
        "both", "yes", "yes",
    ),
    "list under a heading": ("<h3>Visas we sponsor</h3><ul><li>J-1</li><li>H-1B</li></ul>", "both", "yes", "yes"),
    "lists under two headings": (
        "<h3>Visas we sponsor</h3><ul><li>J-1</li></ul><h3>Visas we do not sponsor</h3><ul><li>H-1B</li><li>TN</li></ul>",
        "j1_only", "yes", "no",
    ),
    "list after a colon": (
        "<p>We cannot sponsor the following visas:</p><ul><li>H-1B</li><li>O-1</li></ul><p>J-1 visas are sponsored.</p>",
        "j1_only", "yes", "no",
    ),
    "nested list": (
        "<p>To be appointed you must be one of these:</p><ul><li>U.S. citizen</li><li>permanent resident</li>"
        "<li>holder of a visa:<ul><li>J-1 through ECFMG</li></ul></li></ul>",
        "j1_only", "yes", "not_stated",
    ),
    "hidden accordion": (
        '<button class="accordion">Do you sponsor H-1B visas?</button><div class="panel" style="display:none"><p>Yes, and '
        "J-1 visas too.</p></div>",
        "both", "yes", "yes",
    ),
    "details": (
        "<details><summary>Visas</summary><p>Only the J-1 is sponsored.</p></details>", "j1_only", "yes", "no",
    ),
    "definition list": ("<dl><dt>J-1</dt><dd>sponsored</dd><dt>H-1B</dt><dd>not sponsored</dd></dl>", "j1_only", "yes", "no"),
    "definition list of answers": (
        "<dl><dt>Are H-1B visas sponsored?</dt><dd>No.</dd><dt>Are J-1 visas sponsored?</dt><dd>Yes.</dd></dl>",
        "j1_only", "yes", "no",
    ),
    "headings with bare answers": ("<h4>H-1B</h4><p>Not sponsored.</p><h4>J-1</h4><p>Sponsored.</p>", "j1_only", "yes", "no"),
    "bold question": (
        "<p><b>Will you sponsor an H-1B?</b><br>We will.</p><p><b>A J-1?</b><br>Yes.</p>", "both", "yes", "yes",
    ),
    "question and answer in a row": (
        "<table><tr><td>Is the H-1B sponsored?</td><td>No</td></tr><tr><td>Is the J-1 sponsored?</td><td>Yes</td></tr></table>",
        "j1_only", "yes", "no",
    ),
    "struck out": ("<p>Visas: <del>J-1 and H-1B</del> J-1 only.</p>", "j1_only", "yes", "no"),
    "struck out by style": (
        '<p><span style="text-decoration: line-through">We sponsor H-1B visas.</span> We sponsor J-1 visas.</p>',
        "j1_only", "yes", "not_stated",
    ),
    "comment": ("<!-- <p>We sponsor H-1B visas.</p> --><p>Visas are not sponsored.</p>", "none", "no", "no"),
    "template": (
        "<template><p>We sponsor H-1B visas.</p></template><script>var t='We sponsor H-1B visas.';</script>"
        "<p>We sponsor the J-1 visa.</p>",
        "j1_only", "yes", "not_stated",
    ),
    "menu and footer": (
        "<nav><ul><li><a href=#>H-1B visas sponsored</a></li></ul></nav><p>Our program has six residents a year.</p>"
        '<div class="site-footer">We accept Visa. J-1 and H-1B scholars welcome.</div>',
        "not_stated", "not_stated", "not_stated",
    ),
    "split over tags": ("<p>We sponsor <b>H</b><i>-1</i>B and <span>J</span>&#8209;1 visas.</p>", "both", "yes", "yes"),
    "soft hyphens and blanks": ("<p>We spon&shy;sor J&nbsp;1 and H&#8203;1&nbsp;B visas.</p>", "both", "yes", "yes"),
    "other program's heading": (
        "<h2>Neurology</h2><p>We sponsor J-1 and H-1B visas.</p><h2>Urology</h2><p>We sponsor J-1 visas only.</p>",
        "j1_only", "yes", "no",
    ),
    "other program in a sentence": (
        "<p>Neurology sponsors the H-1B. Urology sponsors the J-1 and not the H-1B.</p>", "j1_only", "yes", "no",
    ),
    "checkboxes": (
        "<p><input type=checkbox checked disabled> J-1 <input type=checkbox disabled> H-1B</p><p>Visas sponsored are ticked."
        "</p>",
        "j1_only", "yes", "no",
    ),
    "links under a topic": (
        "<h3>Visa sponsorship</h3><ul><li><a href=#>J-1 visa</a></li><li><a href=#>H-1B visa</a></li></ul>",
        "not_stated",
        "not_stated",
        "not_stated",
    ),
    "links under a statement": (
        "<h3>Visas we sponsor</h3><ul><li><a href=#>J-1 visa</a></li><li><a href=#>H-1B visa</a></li></ul>",
        "both",
        "yes",
        "yes",
    ),
    "headings announced": (
        "<p>We accept the visas listed below.</p><h3>Exchange visitor (J-1)</h3><p>Ends with the training.</p>"
        "<h3>Temporary worker (H-1B)</h3><p>Lasts six years at most.</p>",
        "both",
        "yes",
        "yes",
    ),
    "lines announced": ("<p>The following visas are accepted:</p><p>J-1</p><p>H-1B</p>", "both", "yes", "yes"),
    "latin-1 bytes": ("<p>R\xe9sidents: we sponsor J-1 visas only.</p>", "j1_only", "yes", "no"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_forms_of_pages(name: str) -> None:
    page, policy, j1, h1b = CASES[name]
    reading = read_page(page.encode("latin-1"), "html", program="Urology")
    assert (reading.policy, reading.j1, reading.h1b) == (policy, j1, h1b)
