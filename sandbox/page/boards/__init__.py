"""The providers as somebody at their own screens sees and uses them: a module for each."""

from sandbox.page.boards.board import Board
from sandbox.page.boards.close import CloseBoard
from sandbox.page.boards.pland import PlandBoard
from sandbox.page.boards.reten import RetenBoard
from sandbox.page.boards.rows import Change, Draft, Unfit
from sandbox.page.boards.vambe import VambeBoard

__all__ = [
    "Board",
    "Change",
    "CloseBoard",
    "Draft",
    "PlandBoard",
    "RetenBoard",
    "Unfit",
    "VambeBoard",
]
