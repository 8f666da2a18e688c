"""The press: compile a form once, fill it (blank, prefilled, filled), check its template.

    form = compile_form(Path("form.docx"), FormSpec.of("stage_report", "阶段报告", fields=…))
    form.render({"学校": "孙镇初中"}, "prefilled", Stamp.issue("stage_report", "1", …))

Knows no other room and no framework: it is handed plain values.
"""

from generator.chinese import FILTERS
from generator.compiling import compile_form
from generator.errors import FAULT_REMEDIES, FORM_ERRORS, Fault, FormError
from generator.form import MODES, Form, Mode
from generator.many import Job, Sheet, render_many, write_many
from generator.pictures import Picture
from generator.spec import SYSTEM_NAMES, FieldSpec, FormSpec, ListSpec, SectionSpec
from generator.stamp import Stamp, find_numbers, form_number, read_stamp, verify_number

__all__ = [
    "FAULT_REMEDIES",
    "FILTERS",
    "FORM_ERRORS",
    "MODES",
    "SYSTEM_NAMES",
    "Fault",
    "FieldSpec",
    "Form",
    "FormError",
    "FormSpec",
    "Job",
    "ListSpec",
    "Mode",
    "Picture",
    "SectionSpec",
    "Sheet",
    "Stamp",
    "compile_form",
    "find_numbers",
    "form_number",
    "read_stamp",
    "render_many",
    "verify_number",
    "write_many",
]
