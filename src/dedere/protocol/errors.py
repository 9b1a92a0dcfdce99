"""Refusals of the protocol: one class a layer, each with a registered code and one sentence.

The layer is the place that decides: two implementations that refuse the same bytes must refuse them at the same layer.
"""

from __future__ import annotations

import enum

from dedere.base.errors import DefectError, InputError, MessageError


class Layer(enum.StrEnum):
    """Where a refusal is decided, from the outside in."""

    DOOR = "door"
    SEAL = "seal"
    CONTAINER = "container"
    CONTENT = "content"
    TRUST = "trust"
    SIGNATURE = "signature"
    ADDRESS = "address"
    ORDER = "order"
    PARTS = "parts"


class ProtocolRefusedError(MessageError):
    """The other side's bytes are refused. `layer` says where that was decided, `code` is registered in `codes`."""

    layer: Layer = Layer.DOOR


class DoorRefusedError(ProtocolRefusedError):
    """Refused by the door before anything was opened: size, rate, request signature, form of the request."""

    layer = Layer.DOOR


class SealRefusedError(ProtocolRefusedError):
    """The seal does not open, or was not made for us."""

    layer = Layer.SEAL


class ContainerRefusedError(ProtocolRefusedError):
    """The container is not exactly the zip that the protocol describes, or its manifest does not hold."""

    layer = Layer.CONTAINER


class ContentRefusedError(ProtocolRefusedError):
    """A JSON member is not canonical, of an unknown version, or not what its schema says."""

    layer = Layer.CONTENT


class TrustRefusedError(ProtocolRefusedError):
    """The card is unknown, not valid on that day, revoked, compromised, or not the next of its chain."""

    layer = Layer.TRUST


class SignatureRefusedError(ProtocolRefusedError):
    """The signature is missing, wrong, of a lower level than the card promises, or of another time."""

    layer = Layer.SIGNATURE


class ReceiptRefusedError(ProtocolRefusedError):
    """What came as a receipt is none for what was sent; `layer` is where that showed.

    Its code is always `receipt-wrong`, which is tried again: an answer that proves nothing must not end a delivery.
    """

    code = "receipt-wrong"

    def __init__(self, sentence: str, *, layer: Layer = Layer.SIGNATURE) -> None:
        super().__init__(sentence)
        self.layer = layer


class AddressRefusedError(ProtocolRefusedError):
    """The letter is sound but not for us, or not from whom the door let in."""

    layer = Layer.ADDRESS


class OrderRefusedError(ProtocolRefusedError):
    """The letter contradicts one that is already here: same identifier or same place, other bytes."""

    layer = Layer.ORDER


class PartRefusedError(ProtocolRefusedError):
    """A part, or what a letter says of its parts, cannot be true."""

    layer = Layer.PARTS


class DeliveryError(InputError):
    """A delivery cannot take this step from the state it is in; the sentence says why."""

    code = "delivery-step"


class ProtocolUseError(DefectError):
    """Our own code asked the protocol for something it must never ask, e.g. to pack a name the reader would refuse."""

    code = "protocol-use"
