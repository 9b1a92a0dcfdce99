"""Files that come with a form: kept under a key that only this process knows, so that nothing is plain on disk."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import SealedReader, SealingWriter, X25519Identity

if TYPE_CHECKING:
    from dedere.crypto.age import Identity


class SealedUploadHandler(FileUploadHandler):
    """Seals each file into a temporary file without a name; when request or process ends, nobody can open it again."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        chance = RandomIdentifiers()
        self._identity: Identity = X25519Identity.generate(chance)
        # Closed with the uploaded file, when the request ends.
        self._sealed: BinaryIO = cast("BinaryIO", tempfile.TemporaryFile(prefix="upload-"))  # noqa: SIM115
        self._writer = SealingWriter(self._sealed, [self._identity.recipient], chance=chance, header_in_sink=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's interface
        """Seal the next piece."""
        self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """The file, to be read from its beginning."""
        with self._writer:
            self._writer.finish()
        reader = SealedReader(self._writer.header, self._sealed, [self._identity])
        return UploadedFile(
            file=cast("Any", io.BufferedReader(reader)),
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Let go of what came."""
        if hasattr(self, "_sealed"):
            with self._writer:
                self._sealed.close()
