"""What goes wrong while a document is made, by whose fault it is. There is never half a document."""

from __future__ import annotations

from dedere.base.errors import DefectError, FacilityError, InputError


class DocumentInputError(InputError):
    """The data cannot become a document as it is: a size, a type, a passage not translated."""

    code = "document-input"


class CharacterError(DocumentInputError):
    """A character that no installed typeface can print."""

    code = "document-character"


class LanguageError(DocumentInputError):
    """There is no fixed text for this document in this language."""

    code = "document-language"


class TemplateError(InputError):
    """A ministry's own template or wording cannot be used. The sentence names the file and the line."""

    code = "document-template"


class ApprovalError(DocumentInputError):
    """What is to be signed is not what was approved."""

    code = "document-changed"


class TypesettingError(DefectError):
    """Our own template failed on data it must be able to print."""

    code = "document-defect"


class TypefaceError(FacilityError):
    """The typefaces are not installed."""

    code = "document-typefaces"
