"""What is asked about documents: languages, translations, files that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dedere.node.cases.actions.papers import PaperChoice
from dedere.node.papers.filing import GivenFile
from dedere.node.papers.queries import checked_by
from dedere.papers.facts import Arrangement
from dedere.web.components.forms import Choice, File, Line, OfficeForm, Passage, Radios, yes_or_no
from dedere.web.components.names import all_languages, language_name

if TYPE_CHECKING:
    from collections.abc import Sequence

_PAPER = ".pdf,.png,.jpg,.jpeg,.tif,.tiff"


def with_standing(language: str) -> str:
    """A language's name, with what nobody has checked of it yet."""
    name = language_name(language)
    return name if checked_by(language) else gettext("%(language)s (wording unverified)") % {"language": name}


class LanguagesForm(OfficeForm):
    """In which languages a document is written, and how two share it."""

    language = forms.ChoiceField(label=_("Language of the document"), widget=Choice())
    second_language = forms.ChoiceField(label=_("Second language"), required=False, widget=Choice())
    arrangement = forms.ChoiceField(
        label=_("Two languages"),
        help_text=_("Wording is unverified until a lawyer who writes the language has compared it for this office."),
        choices=[("parallel", _("Side by side")), ("consecutive", _("One after the other"))],
        initial="parallel",
        widget=Radios(compact=True),
    )

    def __init__(self, *args: object, offered: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, with_standing(code)) for code in offered]
        self.offer("language", named)
        self.offer("second_language", [("", "—"), *named])

    def choice(self) -> PaperChoice:
        """What was chosen."""
        given = self.cleaned_data
        return PaperChoice(
            language=given["language"],
            second_language="" if given["second_language"] == given["language"] else given["second_language"],
            arrangement=Arrangement(given["arrangement"]),
            text_language=given.get("text_language", ""),
            embed_data=given.get("embed_data") or False,
        )


class DraftLanguagesForm(LanguagesForm):
    """The same for a draft, with the language of its free text and whether its data travel inside."""

    text_language = forms.ChoiceField(
        label=_("Language in which the text was written"), required=False, widget=Choice()
    )
    embed_data = yes_or_no(_("Attach the data of the act to the PDF (PDF/A-3)"), required=False)

    def __init__(self, *args: object, offered: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        self.offer("text_language", [("", "—"), *all_languages()])


class TranslationForm(OfficeForm):
    """A passage in another language, and whose words these are."""

    text = forms.CharField(label=_("Translation"), max_length=200_000, widget=Passage(rows=10))
    status = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            ("working", _("Working translation")),
            ("certified", _("Certified translation")),
            ("machine", _("Made by a machine, not checked")),
        ],
        widget=Radios(),
    )
    translator = forms.CharField(label=_("Translator"), required=False, max_length=200, widget=Line(dir="auto"))
    certificate = forms.CharField(
        label=_("Number of the certificate"), required=False, max_length=120, widget=Line(dir="auto")
    )
    source_sha256 = forms.CharField(widget=forms.HiddenInput())


class FileForm(OfficeForm):
    """A file, and what is to be said of it."""

    file = forms.FileField(label=_("File"), max_length=255, widget=File(accept=_PAPER))
    note = forms.CharField(label=_("What it is"), required=False, max_length=300, widget=Line(dir="auto"))

    def given(self) -> GivenFile:
        """The file as the office takes it."""
        file = self.cleaned_data["file"]
        return GivenFile(file.name, cast("BinaryIO", file.file), self.cleaned_data.get("note", ""))


class CopyForm(FileForm):
    """A copy that came back edited or signed by hand."""

    file = forms.FileField(
        label=_("Edited copy"),
        help_text=_("Word file, PDF or scan. It is kept beside the document; nothing is taken over from it."),
        max_length=255,
        widget=File(accept=f".docx,{_PAPER}"),
    )
