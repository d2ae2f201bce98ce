"""Refusals of the readers: what a file is, and why it can't be read."""

from duly.kernel.errors import Malformed, Missing


class FileRefused(Malformed):
    """A file that can't be read as what it was given for; `facts.file` names it."""

    code = "FILE_REFUSED"


class SourceMissing(Missing):
    """A file that is named and is not there."""

    code = "SOURCE_MISSING"


class FileEmpty(FileRefused):
    """A file of no bytes, or without any text."""

    code = "FILE_EMPTY"


class FileTooBig(FileRefused):
    """A file, or what it unpacks to, is beyond a limit."""

    code = "FILE_TOO_BIG"


class FormatUnreadable(FileRefused):
    """A file of another format than one that is read, or broken."""

    code = "FORMAT_UNREADABLE"


class EncodingUnclear(FileRefused):
    """Bytes that are no text in the encoding declared or recognised."""

    code = "ENCODING_UNCLEAR"


class DelimiterUnclear(FileRefused):
    """A delimited file that can be cut into cells in two ways."""

    code = "DELIMITER_UNCLEAR"


class TableBroken(FileRefused):
    """A delimited file whose rows can't be told apart."""

    code = "TABLE_BROKEN"


class HeaderUnfit(FileRefused):
    """A header with a column twice, or with none of the columns that are needed."""

    code = "HEADER_UNFIT"


class SheetUnclear(FileRefused):
    """A workbook with several worksheets that fit."""

    code = "SHEET_UNCLEAR"


class PresetUnknown(FileRefused):
    """No preset has this name, or it does not fit the file."""

    code = "PRESET_UNKNOWN"


class MappingUnfit(Malformed):
    """A mapping that can't mean anything, or does not fit the file."""

    code = "MAPPING_UNFIT"


class DateOrderUnclear(FileRefused):
    """Dates that can be read in two ways."""

    code = "DATE_ORDER_UNCLEAR"


class NumberStyleUnclear(FileRefused):
    """Numbers that can be read in two ways."""

    code = "NUMBER_STYLE_UNCLEAR"
