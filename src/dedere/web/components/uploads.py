"""Forms that take files: sent with the form itself, or beforehand in pieces by the page's script."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dedere.node.evidence import uploads
from dedere.node.evidence.actions import Upload
from dedere.vault.names import safe_name
from dedere.web.components.forms import File, Files, FilesField, OfficeForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.node.accounts.queries import Officer


class UploadForm(OfficeForm):
    """The file, or the identifier under which the script has sent it. Subclasses add what is said of the file."""

    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True, max_length=255, widget=File())
    upload = forms.CharField(required=False, max_length=26, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        """One of the two must be there."""
        given = super().clean() or {}
        if not given.get("file") and not given.get("upload") and "file" not in self.errors:
            self.add_error("file", _("Choose a file."))
        return given

    def given_file(self, by: Officer, *, target: str, title: str = "") -> Upload:
        """The file of a valid form as an action takes it in."""
        if self.cleaned_data["upload"]:
            return uploads.uploaded(by, self.cleaned_data["upload"], target=target, title=title)
        file = self.cleaned_data["file"]
        media_type = file.content_type or "application/octet-stream"
        return Upload(name=file.name, title=title, media_type=media_type, source=file.file)


class SeveralUploadForm(OfficeForm):
    """Several files, or a folder, or the identifiers under which the script has sent them."""

    chosen = FilesField(label=_("Files"), required=False, allow_empty_file=True, max_length=255, widget=Files())
    folder = FilesField(
        label=_("Or a whole folder"),
        help_text=_("Its structure stays in the items’ titles where the page’s script may run."),
        required=False,
        allow_empty_file=True,
        max_length=255,
        widget=Files(folder=True),
    )
    upload = forms.CharField(required=False, max_length=27 * uploads.MOST_AT_ONCE, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        """One at least must be there."""
        given = super().clean() or {}
        if not any(given.get(name) for name in ("chosen", "folder", "upload")) and not self.errors:
            self.add_error("chosen", _("Choose files or a folder."))
        return given

    def given_files(self, by: Officer, *, target: str) -> Iterator[Upload]:
        """The files of a valid form as an action takes them in, each titled as it is called."""
        for identifier in self.cleaned_data["upload"].split():
            sent = uploads.uploaded(by, identifier, target=target, title="")
            yield replace(sent, title=sent.name, name=sent.name.rpartition("/")[2])
        for file in (*self.cleaned_data["chosen"], *self.cleaned_data["folder"]):
            media_type = file.content_type or "application/octet-stream"
            yield Upload(name=file.name, title=safe_name(file.name), media_type=media_type, source=file.file)


def waiting_uploads(by: Officer, target: str) -> dict[str, object]:
    """What a template needs to let the script go on where a connection broke off."""
    rows = uploads.unfinished_uploads(by, target)
    known = [{"id": each.id, "name": each.name, "size": each.size, "modified": each.modified} for each in rows]
    return {"upload_target": target, "waiting": rows, "waiting_json": json.dumps(known)}
