"""What stands on the page of each bench: its words, its figures with their aims, its tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`key` is the place in a bench's values; `aim` in the figure's unit, reached from below
    unless `more` is better."""

    key: str
    label: str
    unit: str = ""
    aim: float | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What the page says of one bench. `about` may name values in braces. `picture`: the file
    beside the page that the curves of the value "growth" are drawn in."""

    name: str
    title: str
    about: str
    figures: tuple[Figure, ...]
    tables: tuple[str, ...] = ()
    picture: str = ""


SECTIONS = (
    Section(
        "add",
        "Taking files in: `yanxiu add`",
        "{files} mixed papers of the sample county ({mb} MB; docx 60 %, txt 15 %, doc 10 %, xlsx "
        "8 %, pdf 7 %) into a new archive, the whole command from its start to its end. Every "
        "promise is kept: staged, read in a child process, judged, stored, synced, read back and "
        "matched, committed with `synchronous=FULL`, searchable. After each run the index is "
        "asked for every id. Became: {statuses}. Copied and read are the same files, in the same "
        "run and on the same disk, only copied and synced one by one, and only read by the "
        "reader processes.",
        (
            Figure("files_per_s", "files through the whole house", "files/s", 40, more=True),
            Figure("seconds", "whole command", "s"),
            Figure("own_mb", "peak memory of the process", "MB", 600),
            Figure("child_mb", "peak memory of its largest child", "MB", 600),
            Figure("copied_per_s", "the same files copied and synced", "files/s"),
            Figure("read_per_s", "the same files read", "files/s"),
            Figure("share_of_copying", "speed beside copying", "×"),
            Figure("share_of_reading", "speed beside reading", "×"),
        ),
    ),
    Section(
        "inbox",
        "Taking files in: a watched inbox",
        "The same {files} papers moved into the inbox of a running service, in a folder for each "
        "school; until all are archived and searchable, their originals moved to 已收 and "
        "{receipts} receipts written. Half a second of settling is part of it.",
        (
            Figure("files_per_s", "files from drop to receipt", "files/s", 40, more=True),
            Figure("seconds", "all of them", "s"),
            Figure("own_mb", "peak memory of the process", "MB", 600),
            Figure("child_mb", "peak memory of its largest child", "MB", 600),
        ),
    ),
    Section(
        "readers",
        "Reading, beside other readers",
        "{samples} real sample files, of which people wrote down what stands in them ({strings} "
        "short quotations; {refusals} files are to be refused as encrypted, broken, empty or of no "
        "known kind), and {papers} papers of the sample county of which every word is known "
        "({formats}). All readers have two processes and 20 s for a file; each gives headers and "
        "footers where it can be asked to, none recognises the text of pictures. They run in turn "
        "in one process tree, each from its own environment. Scans, bundles and what takes "
        "LibreOffice are left out of the speeds, and so is for each reader what it hung on. "
        "Another reader may refuse in its own words; ours must give the right code. Order is that "
        "of the starts of paragraphs; what is given twice lowers the share of what stood there.",
        (
            Figure("files_per_s", "papers read by two processes", "files/s", 100, more=True),
            Figure("samples_per_s", "real files read by two processes", "files/s"),
            Figure("strings_found", "quotations found in real files", "%", 98, more=True),
            Figure("chinese_kept", "Chinese characters of the papers kept", "%", None, more=True),
            Figure("chinese_true", "of those given, stood in the papers", "%", None, more=True),
            Figure("peak_mb", "peak memory of both processes together", "MB"),
        ),
        ("speed", "truth", "answers", "by_format", "missed"),
    ),
    Section(
        "ocr",
        "Scans: recognised beside tesseract",
        "{pages} made A4 pages of {characters} characters: clean at 150 and 200 dpi, two fonts and "
        "three sizes, askew with a red seal over the text and noise, photographed (perspective, "
        "shadow, JPEG), Traditional, and .docx files printed by LibreOffice. All go through the "
        "whole of our recognition, on one core: light, seals, slope, ruled tables, reading order. "
        "Tesseract alone is the program as it comes, told the script. Wrong: put in, left out or "
        "replaced, in reading order, without white space.",
        (
            Figure("right_clean", "characters right on clean scans", "%", 99, more=True),
            Figure("right_stamped", "askew, stamped, noisy", "%", 98, more=True),
            Figure("right_photo", "photographed", "%", 97, more=True),
            Figure("right_traditional", "Traditional", "%", 99, more=True),
            Figure("times_fewer", "errors of tesseract alone beside ours", "×", None, more=True),
            Figure("pages_per_minute", "pages a minute and core", "", None, more=True),
            Figure("peak_mb", "peak memory of the process", "MB", 1000),
        ),
        ("kinds",),
    ),
    Section(
        "search",
        "Search: speed and size as the archive grows",
        "Reports of real sentences recombined, up to {largest} of them. The figures are those of "
        "{documents} documents ({text_mb} MB of text), asked inside the process one question after "
        "the other, twenty hits with snippets; the tables and curves have the other sizes. Text "
        "indexed is that of {batch} documents a commit, merges waited for. Tokenising: folding and "
        "cutting alone, beside the whole time that indexing takes. Tantivy alone: the pairs and "
        "their places of 20,000 documents, cut beforehand, with no other field, nothing stored: "
        "what no index of pairs can be faster than. A common term: a word of two characters in "
        "every document; a common run: four to six characters in every document, where to count "
        "exactly which hold it whole the places of two or three pairs are read in each. Updates: "
        "of {updated_documents} documents {updates} replaced, a commit each, beside a fresh index "
        "of the same documents: "
        "{segments_open} segments after the last update, {segments_updated} when merges had ended, "
        "{segments_fresh} in the fresh one. Peers, which are given the same folded text and asked "
        "for ten ids without snippets or facets: tantivy's BM25 over one field of bigrams, SQLite "
        "FTS5 over the same bigrams, both up to {peers_upto} documents, and our engine on whoosh, "
        "up to {whoosh_upto}, since it takes a minute for every two megabytes.",
        (
            Figure("filters_p95_ms", "filter, facets, date sort: 95 % within", "ms", 15),
            Figure("common_p95_ms", "common term: 95 % within", "ms", 10),
            Figure("phrase_p95_ms", "phrase in 60 % of the documents: 95 % within", "ms", 60),
            Figure("p50_ms", "half of all questions within", "ms"),
            Figure("p95_ms", "95 % of all questions within", "ms"),
            Figure("mb_per_s", "text indexed", "MB/s", 10, more=True),
            Figure("cpu_mb_per_s", "text indexed a second of one core", "MB/s"),
            Figure("pairs_1_mb_per_s", "tantivy alone, pairs made ready, one thread", "MB/s"),
            Figure("pairs_2_mb_per_s", "the same, two threads on two cores", "MB/s"),
            Figure("tokenising", "tokenising, of the time to index", "%", 40),
            Figure("ratio", "size of the index beside the text", "×", 3),
            Figure("ratio_without", "the same without the stored text", "×", 2),
            Figure("segments", "segments after indexing"),
            Figure("updated_ratio", "size after single updates beside a fresh index", "×", 1.5),
            Figure("update_p50_ms", "a single update, half within", "ms"),
            Figure(
                "visible_p95_ms", "from adding to found by another reader, 95 % within", "ms", 1000
            ),
        ),
        ("families", "peers"),
        "search-growth.svg",
    ),
    Section(
        "relevance",
        "Search: what is found",
        "{documents} paragraphs and {queries} questions of CMRC 2018 and DRCD, the sample folder's "
        "`search`: as they are, as keywords, and in the other script. Beside our engines three "
        "peers on the same folded texts: tantivy's BM25 over bigrams, the same over the words of a "
        "dictionary (jieba) as Lucene's analyser has them, and SQLite FTS5 over bigrams.",
        (
            Figure("recall", "the engine's recall@10", "", None, more=True),
            Figure("mrr", "the engine's MRR@10", "", None, more=True),
            Figure("near_best", "figures within .005 of the best peer", "%", 100, more=True),
        ),
        ("rankers",),
    ),
    Section(
        "domain",
        "Search: a researcher's questions",
        "{queries} questions as a county's office would ask them, over {documents} papers of the "
        "sample county: the sample submissions and made reports, plans, analyses, reflections, "
        "three-year plans and lesson observations. Which papers answer is decided by rules over "
        "what is known of them (bench/domain_queries.jsonl), not by an engine. The peers are given "
        "the questions without field names and operators.",
        (
            Figure("recall", "the engine's recall@10", "", None, more=True),
            Figure("mrr", "the engine's MRR@10", "", None, more=True),
            Figure("near_best", "figures within .005 of the best peer", "%", 100, more=True),
        ),
        ("rankers",),
    ),
    Section(
        "phrases",
        "Search: quoted phrases and highlights",
        "{phrases} phrases drawn by chance from {documents} paragraphs (a third inside Latin words "
        "and numbers, line breaks anywhere), asked for in the other script, in full width or in "
        "capitals. A text holds a phrase if the normal form of its title, of a heading or of its "
        "body contains the phrase's. Highlighted: hits whose title or snippets mark something, of "
        "these phrases and of {questions} questions in words; a mark is true when what was asked "
        "for makes it up. The peers are asked for the same phrases in their own way.",
        (
            Figure("recall", "recall at the worst length", "%", 100, more=True),
            Figure("precision", "precision at the worst length", "%", 100, more=True),
            Figure("highlighted", "hits highlighted, at the worst length", "%", 100, more=True),
            Figure(
                "highlighted_in_text", "of those whose title or body holds it", "%", 100, more=True
            ),
            Figure("true_marks", "marks that are true", "%", 100, more=True),
        ),
        ("lengths",),
    ),
    Section(
        "forms",
        "A month's forms: `yanxiu forms make stage_report --month 2014-10 --all-schools -o 表`",
        "{copies} prefilled stage reports on disk, one a school and due subject of the sample "
        "county, each with its number, the numbers kept in the archive. Inside: from an opened "
        "archive, without the start of the process.",
        (
            Figure("seconds", "whole command", "s", 1.5),
            Figure("inside_s", "inside the process", "s", 1.5),
        ),
    ),
    Section(
        "press",
        "The press beside docxtpl",
        "The same stage report with the same values, printed and written to disk: {copies} copies "
        "by the press, each with its number in words and as a QR code, in its properties too, "
        "{bytes_each} bytes; {docxtpl_copies} by docxtpl, without code and properties. The form "
        "compiled before. Bytes equal from run to run: {same_bytes}; python-docx opens them: "
        "{opens}.",
        (
            Figure("seconds", "a month's copies by the press", "s", 0.5),
            Figure("cpu_s", "of the processor", "s"),
            Figure("largest_seconds", "10,000 copies by the press", "s", 12),
            Figure("peak_mb", "peak memory of all its processes together, any size", "MB", 150),
            Figure("ms_each", "one copy by the press", "ms"),
            Figure("docxtpl_ms_each", "one copy by docxtpl", "ms"),
            Figure("times_faster", "faster than docxtpl", "×"),
            Figure("compile_ms", "compiling the form, once", "ms"),
        ),
        ("sizes",),
        "forms-growth.svg",
    ),
    Section(
        "lint",
        "Templates with a slip, beside docxtpl-lint",
        "{faults} templates, each one of our own forms with one slip of the hand (an unclosed tag, "
        "smart quotes, a name that is none, a list outside a row, a mail-merge field …) in the "
        "text, tables, tables in tables, headers, footers, footnotes, text boxes, content controls "
        "or torn runs. Found is ours with the right code at the right place, in one pass; of "
        "docxtpl-lint, which is told our names and formats and checks another language, any "
        "finding in the same paragraph counts. False alarms on {good} good forms: {alarms}; of "
        "docxtpl-lint: {peer_alarms}.",
        (
            Figure("found_share", "slips found in their place", "%", 95, more=True),
            Figure("peer_found_share", "paragraphs found by docxtpl-lint", "%"),
            Figure("ms_each", "one template", "ms"),
            Figure("peer_ms_each", "one template by docxtpl-lint", "ms"),
        ),
    ),
    Section(
        "returns",
        "Forms that come back",
        "{forms} copies of the {papers} forms, filled in at random (characters outside GB2312, "
        '`&<>"`, line breaks, more rows than printed, lines that say what the form says itself), '
        "with labels spread (学　校), colons and rows changed, each read back as it is and as "
        "LibreOffice saves it as .docx, .doc and .odt: {fields} fields and cells of lists. Equal "
        "is what was written; doubtful what is not and says why; silently wrong, what is not and "
        "says nothing: {silent}. Then {scans} copies printed by LibreOffice, rasterised at 200 "
        "dpi, turned by up to 2°, with noise, blur, JPEG and a red seal, filed by their codes.",
        (
            Figure("equal_percent", "fields read back as written", "%", 99.5, more=True),
            Figure("recognised_percent", "returned files recognised", "%", 100, more=True),
            Figure("codes_percent", "scans whose code is read", "%", 100, more=True),
            Figure("filed_percent", "scans filed as issued", "%", 100, more=True),
            Figure("read_back_ms", "reading back one form, its text read", "ms"),
        ),
        ("ways",),
    ),
    Section(
        "search_start",
        "Cold start: `yanxiu search`",
        "The whole command on an index of {documents} documents, in a new process each time; the "
        "modules compiled and the files in the system's cache, as on any start but the first.",
        (
            Figure("seconds", "whole command", "s", 1),
            Figure(
                "never_compiled_s",
                "the very first: nothing compiled, not even Python's own library (one run)",
                "s",
            ),
            Figure("python_s", "a Python that does nothing", "s"),
        ),
    ),
    Section(
        "serve_start",
        "Cold start: `yanxiu serve`",
        "From the start of the process until GET / has led to the whole page of signing in.",
        (
            Figure("seconds", "until the first page has come", "s", 1),
            Figure("own_mb", "memory by then", "MB"),
        ),
    ),
)
