"""Files that come with a form: kept under a key that only this process knows, so that nothing is plain on disk."""

from __future__ import annotations

import io
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from dedere.base.identifiers import RandomIdentifiers
from dedere.vault.scratch import Scratch


class SealedUploadHandler(FileUploadHandler):
    """Seals each file into a temporary file without a name; when request or process ends, nobody can open it again."""

    _scratch: Scratch | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._scratch = Scratch(RandomIdentifiers())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's interface
        """Seal the next piece."""
        if self._scratch is not None:
            self._scratch.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """The file, to be read from its beginning."""
        if self._scratch is None:
            return None
        return UploadedFile(
            file=cast("Any", io.BufferedReader(self._scratch.finish())),
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Let go of what came."""
        if self._scratch is not None:
            self._scratch.discard()
