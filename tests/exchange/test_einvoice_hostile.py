"""Files that are made to harm, or are something else: always a refusal, never a crash."""

import re
import zlib
from pathlib import Path

import pytest
from einvoice_samples import cii, pdf, ubl
from hypothesis import given
from hypothesis import strategies as st

from duly.interfaces.exchange.readers.einvoice import is_einvoice, parsing, read_einvoices
from duly.interfaces.exchange.readers.einvoice.errors import (
    FileTooLarge,
    NotEInvoice,
    PdfUnreadable,
    PdfWithoutInvoice,
    XmlForbidden,
    XmlUnreadable,
)
from duly.kernel.errors import DulyError, Malformed


def _refused(folder: Path, data: bytes, family: type[Malformed]) -> Malformed:
    path = folder / "a.xml"
    path.write_bytes(data)
    with pytest.raises(family) as refusal:
        read_einvoices(path, "a.xml")
    assert refusal.value.message.startswith("a.xml")
    assert refusal.value.remedy
    return refusal.value


def _with_doctype(declared: str, used: str = "x") -> bytes:
    head, _, rest = ubl(number=used).decode().partition("?>")
    return f"{head}?>\n{declared}{rest}".encode()


class TestXml:
    def test_an_outer_entity_is_never_read(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("hidden")
        declared = f'<!DOCTYPE Invoice [<!ENTITY a SYSTEM "file://{secret}">]>'
        refusal = _refused(tmp_path, _with_doctype(declared, "&a;"), XmlForbidden)
        assert "hidden" not in str(refusal.as_dict())

    def test_a_billion_laughs_are_not_counted(self, tmp_path: Path) -> None:
        entities = "".join(
            f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(20)
        )
        _refused(tmp_path, _with_doctype(f"<!DOCTYPE x [{entities}]>", "&a19;"), XmlForbidden)

    @pytest.mark.parametrize(
        "declared",
        [
            '<!DOCTYPE Invoice SYSTEM "http://duly.invalid/x.dtd">',
            '<!DOCTYPE Invoice PUBLIC "-//x" "http://duly.invalid/x.dtd">',
            "<!-- first a comment --><?and this?>\n<!DOCTYPE Invoice>",
            '<!DOCTYPE Invoice [<!ENTITY % a SYSTEM "file:///etc/hostname"> %a;]>',
        ],
    )
    def test_any_document_type_is_refused(self, tmp_path: Path, declared: str) -> None:
        _refused(tmp_path, _with_doctype(declared), XmlForbidden)

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"])
    def test_no_encoding_hides_a_document_type(self, tmp_path: Path, encoding: str) -> None:
        text = _with_doctype('<!DOCTYPE Invoice [<!ENTITY a "x">]>', "&a;").decode()
        named = text.replace("UTF-8", encoding.removesuffix("-le").removesuffix("-be"))
        path = tmp_path / "a.xml"
        path.write_bytes(named.encode(encoding))
        with pytest.raises(Malformed):
            read_einvoices(path, "a.xml")

    def test_a_document_type_in_a_comment_is_a_comment(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xml"
        path.write_bytes(_with_doctype("<!-- <!DOCTYPE x> -->"))
        assert read_einvoices(path, "a.xml")

    def test_utf_16_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xml"
        text = ubl(buyer="Müller").decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
        path.write_bytes(text.encode("utf-16"))
        assert is_einvoice(path.read_bytes()[:1024])
        ((block,),) = (sheet.blocks for sheet in read_einvoices(path, "a.xml"))
        assert block.columns["customer_name"] == ["Müller"]

    def test_deep_nesting_is_refused(self, tmp_path: Path) -> None:
        deep = b"<a>" * 100_000 + b"</a>" * 100_000
        _refused(tmp_path, ubl().replace(b"</Invoice>", deep + b"</Invoice>"), XmlUnreadable)

    def test_one_enormous_text_is_refused(self, tmp_path: Path) -> None:
        data = ubl(number="9" * 11_000_000)
        assert len(data) < parsing.MAX_BYTES
        _refused(tmp_path, data, XmlUnreadable)

    def test_a_file_of_60_mb_is_refused_unread(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xml"
        with path.open("wb") as file:
            file.write(b"<?xml version='1.0'?><Invoice>")
            file.truncate(60_000_000)
        with pytest.raises(FileTooLarge, match="60000000 bytes"):
            read_einvoices(path, "a.xml")

    @pytest.mark.parametrize(
        "data",
        [
            b"<?xml version='1.0'?>",
            b"<Invoice>",
            ubl()[:-20],
            ubl().replace(b"4711", b"47&no;11"),
            ubl().replace(b"4711", b"47\x0011"),
            ubl().replace(b"4711", b"47\xff11"),
            ubl() + b"<more/>",
        ],
    )
    def test_what_is_cut_off_or_broken_is_refused(self, tmp_path: Path, data: bytes) -> None:
        _refused(tmp_path, data, XmlUnreadable)

    @given(st.data())
    def test_no_damage_gets_past_a_refusal(self, tmp_path_factory, data: st.DataObject) -> None:
        whole = bytearray(data.draw(st.sampled_from([ubl(), cii()])))
        for _ in range(data.draw(st.integers(1, 5))):
            place = data.draw(st.integers(0, len(whole) - 1))
            whole[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=4))
        path = tmp_path_factory.mktemp("damaged") / "a.xml"
        path.write_bytes(bytes(whole))
        try:
            (sheet,) = read_einvoices(path, "a.xml")
            (block,) = sheet.blocks
        except DulyError:
            return
        assert bool(block.problems) == bool(block.spoilt)


class TestOtherDocuments:
    @pytest.mark.parametrize(
        ("root", "told"),
        [
            ('<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', "order"),
            ("<DespatchAdvice/>", "despatch advice"),
            ("<ApplicationResponse/>", "application response"),
            ("<x:RemittanceAdvice xmlns:x='urn:x'/>", "remittance advice"),
            ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>', "statement"),
            ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"/>', "payments"),
            ("<SCRDMCCBDACIOMessageStructure/>", "Order-X"),
            ("<p:FatturaElettronica xmlns:p='urn:x'/>", "FatturaPA"),
            ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "web page"),
            ("<Invoice/>", "an invoice in a form that we don't know"),
            ("<zebra/>", '"zebra"'),
            ("<StandardBusinessDocument/>", "XML document"),
        ],
    )
    def test_a_refusal_says_what_it_is(self, tmp_path: Path, root: str, told: str) -> None:
        refusal = _refused(tmp_path, root.encode(), NotEInvoice)
        assert told in refusal.message
        assert "Factur-X" in refusal.remedy

    def test_a_peppol_envelope_is_opened(self, tmp_path: Path) -> None:
        inside = ubl().partition(b"?>")[2]
        path = tmp_path / "a.xml"
        path.write_bytes(
            b"<s:StandardBusinessDocument xmlns:s='urn:s'><s:StandardBusinessDocumentHeader/>"
            + inside
            + b"</s:StandardBusinessDocument>"
        )
        ((block,),) = (sheet.blocks for sheet in read_einvoices(path, "a.xml"))
        assert block.columns["number"] == ["4711"]

    def test_a_table_is_not_ours(self, tmp_path: Path) -> None:
        assert not is_einvoice(b"number;amount\n1;2\n")
        assert not is_einvoice(b"")
        assert not is_einvoice(b"< 5 days;3\n")
        _refused(tmp_path, b"number;amount\n", NotEInvoice)


class TestPdf:
    def _refused(self, path: Path, family: type[Malformed]) -> Malformed:
        with pytest.raises(family) as refusal:
            read_einvoices(path, path.name)
        assert refusal.value.remedy
        return refusal.value

    @pytest.mark.parametrize(
        "name",
        ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml", "my.XML"],
    )
    def test_the_attached_invoice_is_read(self, tmp_path: Path, name: str) -> None:
        path = pdf(tmp_path, {name: cii(), "terms.txt": b"<no/>"})
        assert is_einvoice(path.read_bytes()[:1024])
        (sheet,) = read_einvoices(path, path.name)
        assert sheet.preset == "factur-x"
        ((block,),) = ([*sheet.blocks],)
        assert block.columns["number"] == ["4711"]

    def test_the_name_of_the_standard_counts_before_other_xml(self, tmp_path: Path) -> None:
        path = pdf(tmp_path, {"copy.xml": cii(number="1"), "factur-x.xml": cii(number="2")})
        ((block,),) = (sheet.blocks for sheet in read_einvoices(path, path.name))
        assert block.columns["number"] == ["2"]

    def test_two_invoices_are_refused(self, tmp_path: Path) -> None:
        path = pdf(tmp_path, {"a.xml": cii(), "b.xml": ubl()})
        assert "a.xml, b.xml" in self._refused(path, PdfWithoutInvoice).message

    def test_an_order_in_a_pdf_is_named(self, tmp_path: Path) -> None:
        path = pdf(tmp_path, {"order-x.xml": b"<SCRDMCCBDACIOMessageStructure/>"})
        assert "Order-X" in self._refused(path, NotEInvoice).message

    def test_a_pdf_without_xml_says_what_it_carries(self, tmp_path: Path) -> None:
        assert "It carries no file." in self._refused(pdf(tmp_path, {}), PdfWithoutInvoice).message
        path = pdf(tmp_path, {"terms.txt": b"hello"})
        assert '"terms.txt"' in self._refused(path, PdfWithoutInvoice).message

    def test_a_locked_pdf_is_refused(self, tmp_path: Path) -> None:
        path = pdf(tmp_path, {"factur-x.xml": cii()}, password="secret")
        assert "password" in self._refused(path, PdfUnreadable).message

    @pytest.mark.parametrize("keep", [10, 200, 800])
    def test_a_pdf_that_was_cut_off_is_refused(self, tmp_path: Path, keep: int) -> None:
        path = pdf(tmp_path, {"factur-x.xml": cii()})
        path.write_bytes(path.read_bytes()[:keep])
        self._refused(path, Malformed)

    def test_xml_inside_is_as_hardened_as_xml_outside(self, tmp_path: Path) -> None:
        path = pdf(tmp_path, {"factur-x.xml": _with_doctype("<!DOCTYPE x>")})
        assert "factur-x.xml in invoice.pdf" in self._refused(path, XmlForbidden).message

    def test_a_stream_that_unpacks_without_end_is_refused(self, tmp_path: Path) -> None:
        packer = zlib.compressobj(9)
        bomb = packer.compress(b"<a>")
        for _ in range(200):
            bomb += packer.compress(b" " * 1_000_000)
        bomb += packer.flush()
        self._refused(_with_packed(tmp_path, bomb), FileTooLarge)

    def test_all_attachments_share_one_limit(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setattr("duly.interfaces.exchange.readers.einvoice.pdf.MAX_BYTES", 10_000)
        many = {f"f{number:02}.xml": b"<a/>" + b" " * 4_000 for number in range(20)}
        self._refused(pdf(tmp_path, many), FileTooLarge)

    def test_what_is_not_the_invoice_is_not_unpacked(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setattr("duly.interfaces.exchange.readers.einvoice.pdf.MAX_BYTES", 10_000)
        many = {f"f{number:02}.xml": b"<a/>" + b" " * 4_000 for number in range(20)}
        path = pdf(tmp_path, {"a.xml": b"<a/>", **many, "xrechnung.xml": cii()})
        ((block,),) = (sheet.blocks for sheet in read_einvoices(path, path.name))
        assert block.columns["number"] == ["4711"]

    def test_a_pdf_of_60_mb_is_refused_unread(self, tmp_path: Path) -> None:
        path = pdf(tmp_path, {"factur-x.xml": cii()})
        with path.open("r+b") as file:
            file.truncate(60_000_000)
        self._refused(path, FileTooLarge)

    @given(st.data())
    def test_no_damage_gets_past_a_refusal(self, tmp_path_factory, data: st.DataObject) -> None:
        folder = tmp_path_factory.mktemp("damaged")
        path = pdf(folder, {"factur-x.xml": cii()})
        whole = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 5))):
            place = data.draw(st.integers(8, len(whole) - 1))
            whole[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=4))
        path.write_bytes(bytes(whole))
        try:
            (sheet,) = read_einvoices(path, path.name)
            (block,) = sheet.blocks
        except DulyError:
            return
        assert bool(block.problems) == bool(block.spoilt)


def _with_packed(folder: Path, packed: bytes) -> Path:
    """A PDF whose attachment is the packed stream as it is given."""
    path = pdf(folder, {"factur-x.xml": b"PLACE"})
    whole = path.read_bytes()
    head = re.search(rb"/Type /EmbeddedFile[^>]*?/Length 5|/Length 5[^>]*?/EmbeddedFile", whole)
    assert head, "the writer lays its attachments out in another way"
    entry = head[0].replace(b"/Length 5", b"/Filter /FlateDecode /Length %d" % len(packed))
    path.write_bytes(whole.replace(head[0], entry).replace(b"PLACE", packed))
    return path
