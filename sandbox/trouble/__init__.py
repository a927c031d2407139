"""The panel that breaks things: for each service some switches, and a log of what struck."""

from sandbox.trouble.log import Log
from sandbox.trouble.panel import Panel

__all__ = ["Log", "Panel"]
