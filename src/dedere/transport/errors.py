"""What goes wrong between two nodes, by whose fault it is: the network, or the partner's answer."""

from __future__ import annotations

from dedere.base.errors import FacilityError, MessageError


class PartnerUnreachableError(FacilityError):
    """No answer: no connection, no end of it, or trouble on the partner's side. The letter stays queued.

    `exposed` is False only where it is sure that not one byte of the letter was sent.
    """

    code = "partner-unreachable"

    def __init__(self, sentence: str, *, code: str | None = None, exposed: bool = True) -> None:
        super().__init__(sentence, code=code)
        self.exposed = exposed


class PartnerRefusedError(MessageError):
    """The partner answered with a registered code, or with something that is no answer of the protocol."""

    code = "refused"


class CarrierError(MessageError):
    """A folder or medium that does not hold what a carrier holds."""

    code = "carrier-form"


class CarrierFacilityError(FacilityError):
    """A folder or medium that cannot be read or written."""

    code = "carrier"
