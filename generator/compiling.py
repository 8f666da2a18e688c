"""From a template file to a compiled form: read, checked, its slots numbered, the rest packed."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from generator.active import (
    active_fields,
    active_members,
    is_xml,
    loaded_from_outside,
    without_attached_template,
)
from generator.code_place import code_members
from generator.errors import Fault, FormError
from generator.form import MODES, Form
from generator.numbering import DOCUMENT, ensure_number_line
from generator.ooxml import (
    MAX_XML,
    NO_RELS,
    add_content_type,
    add_default_type,
    add_relationship,
    cut,
    parse,
    rels_of,
)
from generator.package import Base, read_package
from generator.part import Part, open_part
from generator.properties import CORE_REL, CORE_TYPE, CUSTOM_REL, CUSTOM_TYPE, Properties
from generator.sandbox import template
from generator.slotting import Numbers, make_ready
from generator.spec import FormSpec, Names
from generator.stamp import CORE_PART, CUSTOM_PART

#: A template file larger than this is no form.
MAX_TEMPLATE = 16 * 1024 * 1024
#: Compiled forms kept; a county has about 50.
MAX_KEPT = 64

_TYPES = "[Content_Types].xml"
_ROOT_RELS = "_rels/.rels"
_PARTS = ("document", "header", "footer", "footnotes", "endnotes")

_kept: OrderedDict[tuple[str, FormSpec], Form] = OrderedDict()
_lock = threading.Lock()


def compile_form(path: Path, spec: FormSpec) -> Form:
    """Read and check a template; compiled forms are kept by the hash of the file and the spec.

    Raises `FormError`: template_faults with every fault at once, not_docx, too_large; `OSError`
    where the file cannot be read.
    """
    with path.open("rb") as stream:
        data = stream.read(MAX_TEMPLATE + 1)
    if len(data) > MAX_TEMPLATE:
        raise FormError("too_large", path.name)
    return compile_bytes(data, spec)


def compile_bytes(data: bytes, spec: FormSpec) -> Form:
    """`compile_form` of a file's bytes."""
    key = (hashlib.sha256(data).hexdigest(), spec)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    form = _compile(data, spec)
    with _lock:
        _kept[key] = form
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
    return form


def _compile(data: bytes, spec: FormSpec) -> Form:
    members = read_package(data)
    if not {DOCUMENT, _TYPES, _ROOT_RELS} <= members.keys():
        raise FormError("not_docx", "a part every document has is missing")
    names = Names.of(spec)
    try:
        without_attached_template(members)
        parts = _checked(members, names)
        codes = _ensure_number(members, parts, names)
        form = _assemble(data, spec, names, members, parts, codes)
        _try_out(form)
    except ValueError as error:
        raise FormError("not_docx", str(error)) from error
    return form


def _ensure_number(
    members: dict[str, bytes], parts: dict[str, Part], names: Names
) -> tuple[str, ...]:
    """Have every copy show its number and its code; the pictures that are codes."""
    line = not any(part.shows("表单编号") for part in parts.values())
    code = not any(code_members(members, name, part.root) for name, part in parts.items())
    if line or code:
        for name in ensure_number_line(members, line=line, code=code):
            parts[name] = open_part(name, members[name], names)
    found = (code_members(members, name, part.root) for name, part in parts.items())
    return tuple(dict.fromkeys(code for codes in found for code in codes))


def _checked(members: Mapping[str, bytes], names: Names) -> dict[str, Part]:
    """Every part that can hold text, read; raises with all faults of all of them."""
    parts: dict[str, Part] = {}
    faults: list[Fault] = list(active_members(members))
    texts = sorted(filter(_is_text_part, members), key=lambda name: (name != DOCUMENT, name))
    if sum(len(members[name]) for name in texts) > MAX_XML:  # their trees are held together
        raise FormError("too_large", "the text of the template")
    for name in texts:
        parts[name] = open_part(name, members[name], names)
        faults += parts[name].faults
        faults += active_fields(parts[name].root, parts[name].story)
        faults += loaded_from_outside(name, parts[name].root, members)
    for name in sorted(members.keys() - parts.keys()):
        if is_xml(name, members[name]):
            faults += active_fields(parse(members[name]), "整个文件")
    if faults:
        raise FormError("template_faults", f"{len(faults)} 处", faults)
    return parts


def _is_text_part(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return folder == "word" and file.endswith(".xml") and file.startswith(_PARTS)


def _assemble(
    source: bytes,
    spec: FormSpec,
    names: Names,
    members: dict[str, bytes],
    parts: Mapping[str, Part],
    codes: tuple[str, ...],
) -> Form:
    numbers = Numbers(names, {rows.name: n for n, rows in enumerate(spec.all_lists)})
    ready = {name: make_ready(part, numbers) for name, part in parts.items() if part.found}
    properties = Properties.of(members.get(CORE_PART), members.get(CUSTOM_PART))
    _register_properties(members)
    for extension in ("png", "jpeg"):  # pictures may come as values
        kind = f"image/{extension}"
        members[_TYPES] = add_default_type(members[_TYPES], extension, kind)
    varying = {*ready, *codes, CORE_PART, CUSTOM_PART}
    return Form(
        spec=spec,
        source=source,
        names=names,
        base=Base({name: data for name, data in members.items() if name not in varying}),
        parts={name: template(one.source, one.slots) for name, one in ready.items()},
        codes=codes,
        rels={name: cut(parse(members.get(rels_of(name), NO_RELS))) for name in ready},
        properties=properties,
        keys=tuple(numbers.values),
        loops=tuple(chain for one in ready.values() for chain in one.loops),
    )


def _register_properties(members: dict[str, bytes]) -> None:
    """Name the two property parts in the package where the template has none."""
    for part, relation, kind in (
        (CORE_PART, CORE_REL, CORE_TYPE),
        (CUSTOM_PART, CUSTOM_REL, CUSTOM_TYPE),
    ):
        if part not in members:
            members[_ROOT_RELS], _ = add_relationship(members[_ROOT_RELS], relation, part)
            members[_TYPES] = add_content_type(members[_TYPES], f"/{part}", kind)


def _try_out(form: Form) -> None:
    """Print the empty form once: what is no XML now would be a damaged file on every desk."""
    for mode in MODES:
        printed = read_package(form.render({}, mode))
        for name in (*form.parts, CORE_PART, CUSTOM_PART):
            parse(printed[name])
