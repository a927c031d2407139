"""What Slack accepts as a table, and as one that people sort, filter and leaf through."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sandbox.slack.checking import Checker, Json
from sandbox.slack.elements import IN_CELL, check_element
from sandbox.slack.limits import LIMITS
from sandbox.slack.richtext import check_rich_text

_RAW = ("raw_text", "raw_number")
CELLS = (*_RAW, "rich_text", "action")
"""All kinds of cells."""


def check_table(check: Checker, block: Json, at: str) -> None:
    """Rows of words, numbers and rich text, and how each column is set."""
    _rows(check, block, at, (*_RAW, "rich_text"))
    for value, place in check.items(block, "column_settings", at, "table.columns", required=False):
        if value is None:  # this column is as usual
            continue
        settings = check.mapping(value, place)
        if settings is not None:
            check.choice(settings, "align", place, ("left", "center", "right"))
            check.flag(settings, "is_wrapped", place)


def check_data_table(check: Checker, block: Json, at: str) -> None:
    """Rows of one length under a header, with buttons among them if need be."""
    if not (isinstance(block.get("caption"), str) and block["caption"]):
        check.fail(at, "missing required field: caption")
    check.number(block, "page_size", at, least=1, most=100)
    check.number(block, "row_header_column_index", at)
    _rows(check, block, at, CELLS)
    rows = block.get("rows")
    if check.problems or not isinstance(rows, list):
        return
    if len({len(row) for row in rows}) > 1:
        check.fail(f"{at}/rows", "all rows must have the same number of cells")
    for kind in sorted({cell["type"] for cell in rows[0]} - {*_RAW}):
        check.fail(f"{at}/rows/0", f"a header must not have {kind}")


def actions_in(block: Json) -> Iterator[Json]:
    """The buttons in the cells of a checked table."""
    for row in block["rows"]:
        yield from (cell["element"] for cell in row if cell["type"] == "action")


def _rows(check: Checker, block: Json, at: str, kinds: Collection[str]) -> None:
    least = LIMITS.get(f"{block['type']}.rows.least", 1)
    for row, place in check.items(block, "rows", at, f"{block['type']}.rows", least=least):
        for value, inner in check.items({"row": row}, "row", place, f"{block['type']}.columns"):
            _cell(check, value, inner, kinds)


def _cell(check: Checker, value: object, at: str, kinds: Collection[str]) -> None:
    cell = check.mapping(value, at)
    kind = None if cell is None else check.kind(cell, at, kinds)
    if cell is None or kind is None:
        return
    if kind == "rich_text":
        check_rich_text(check, cell, at)
    elif kind == "action":
        check_element(check, cell.get("element"), f"{at}/element", IN_CELL)
        if "fallback" in cell:
            _cell(check, cell["fallback"], f"{at}/fallback", _RAW)
    else:
        if not isinstance(cell.get("text"), str):
            check.fail(at, "missing required field: text")
        number = cell.get("value")
        if kind == "raw_number" and (
            isinstance(number, bool) or not isinstance(number, int | float)
        ):
            check.fail(at, "missing required field: value")
