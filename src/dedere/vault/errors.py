"""Errors of the vault, by whose fault they are."""

from __future__ import annotations

from dedere.base.errors import FacilityError, InputError, MessageError


class SourceError(InputError):
    """What was offered for ingest cannot be taken as it is."""

    code = "evidence-source"


class SourceChangedError(SourceError):
    """The file changed while it was read: its digest would describe no state it ever had."""

    code = "evidence-changed-while-read"


class UnknownObjectError(InputError):
    """The vault holds no whole object under this identifier."""

    code = "evidence-unknown"


class UploadOffsetError(InputError):
    """An upload goes on at another byte than the one it has reached."""

    code = "upload-offset"


class UploadBusyError(InputError):
    """Two connections write to one upload."""

    code = "upload-busy"


class RetentionError(InputError):
    """Keeping or destroying an item this way is not allowed."""

    code = "evidence-retention"


class PartDiffersError(MessageError):
    """A sealed part arrived whole but is not what its letter announced."""

    code = "part-differs"


class LedgerError(MessageError):
    """A custody ledger does not hold together. `sequence` is the first entry that does not, 1 for the first."""

    code = "custody-ledger-broken"

    def __init__(self, sentence: str, *, sequence: int, code: str | None = None) -> None:
        super().__init__(sentence, code=code)
        self.sequence = sequence


class StoreError(FacilityError):
    """The place where objects are kept failed."""

    code = "vault-store"


class StoreFullError(StoreError):
    """No room is left where objects are kept; nothing of the item was stored."""

    code = "vault-full"


class ObjectDamagedError(StoreError):
    """An object in the vault is not what was stored."""

    code = "vault-object-damaged"
