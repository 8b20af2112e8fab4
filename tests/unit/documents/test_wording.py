"""References in texts: found, said, and named where no figure has them."""

from webapp.documents.wording import figures_in, segments, unknown, whole


def test_references_are_found_with_and_without_blanks_and_nothing_else():
    assert figures_in("到点 {{relay.total.called}}，{{ relay.total.called }}；{relay} {{}} {{a b}}") == [
        "relay.total.called"
    ]


def test_a_text_falls_into_pieces_and_an_unknown_reference_stays_text():
    pieces = segments("到点{{a.b}}，另{{x}}。", {"a.b": "1/5"})
    assert pieces == ["到点", ["a.b", "1/5"], "，另{{x}}。"]
    assert whole(pieces) == "到点1/5，另{{x}}。"
    assert segments("", {}) == []


def test_unknown_ones_are_named_by_section():
    texts = {"one": "{{a}} {{b}}", "two": "{{a}}"}
    assert unknown(texts, {"a"}) == {"one": ["b"]}
