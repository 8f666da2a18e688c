"""For the person who edits a form: everything wrong or doubtful about a template, in one pass.

    remarks = examine(Path("form.docx"), spec)     what a person and the press would find
    annotate(data, remarks)                        the author's own file, with comments

`examining` and `comments` are the two ends, `linting` the pass, `remarks` the values between; the
other modules look at one thing each.
"""
