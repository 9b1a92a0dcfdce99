"""A power cut on demand: a node is killed once while its evidence travels, and started again."""

from __future__ import annotations

from dataclasses import dataclass

from dedere.base.errors import InputError
from dedere.cli.demonstration.office import DemonstrationOffice


@dataclass
class PowerCut:
    """SIGKILL to every process of `state`'s node when `share` of the evidence (0 to 1) has moved; then a new start."""

    state: str
    share: float
    happened: bool = False

    @classmethod
    def parse(cls, wish: str) -> PowerCut:
        """The power cut that a wish like `SN@0.4` describes.

        Raises:
            InputError: it describes none.
        """
        state, _, share = wish.partition("@")
        try:
            cut = cls(state, float(share))
        except ValueError as error:
            raise InputError(f"{wish!r} is not a power cut: write it like SN@0.4.") from error
        if state not in ("NL", "SN") or not 0 <= cut.share < 1:
            raise InputError(f"{wish!r} is not a power cut: write it like SN@0.4.")
        return cut

    def look(self, offices: dict[str, DemonstrationOffice], *, moved: int, total: int) -> bool:
        """Cut now if it is time; whether it was."""
        if self.happened or not total or moved < self.share * total:
            return False
        self.happened = True
        offices[self.state].kill()
        offices[self.state].start()
        offices[self.state].wait()
        return True
