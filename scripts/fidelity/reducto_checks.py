"""Drives a Reducto service through every endpoint that its Python SDK has and the sandbox serves."""

import os
import pathlib
import re
import uuid
from urllib.parse import parse_qs, urlparse

import httpx
import reducto
from reducto import Reducto
from reducto.lib.helpers import handle_url_response
from reducto.types.shared import (
    ClassifyResponse,
    EditResponse,
    ExtractResponse,
    ParseResponse,
    PipelineResponse,
    SplitResponse,
)
from reducto.types.v3_extract import V3Extract

from harness import (
    LIVE,
    ONE_PAGE,
    Checks,
    Wire,
    expect,
    expect_equal,
    expect_read,
    faults,
    once,
    raised,
    read_bytes,
    shape,
    spend,
    used,
    wait,
)

check = Checks("reducto")
wire = Wire()
access = {"api_key": os.environ["FIDELITY_KEY"], "base_url": os.environ["FIDELITY_URL"], "max_retries": 0}
client = Reducto(**access, http_client=wire.client)
strict = Reducto(**access, http_client=wire.client, _strict_response_validation=True)
"""Raises where an answer does not fit the SDK's types."""

ENDS = ("Completed", "Failed", "Cancelled")
SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}}
SECTIONS = [{"name": "Totals", "description": "the total amount"}]
CATEGORIES = [{"category": "invoice", "criteria": ["states a total"]}]
MARKER = f"fidelity-{uuid.uuid4()}"


def ended(job_id):
    """The job's end, read strictly when it completed: the types of `GET /job` lack some of the service's words."""
    job = wait(lambda: client.job.get(job_id), lambda job: job.status in ENDS)
    return strict.job.get(job_id) if job.status == "Completed" else job


def completed(job_id, kind):
    job = ended(job_id)
    expect_equal(job.status, "Completed", f"status ({job.reason})")
    expect_equal(type(job.result), kind, "type of the result")
    used(1, job.num_pages)
    return job


@once
def uploaded():
    return strict.upload(file=("one.pdf", read_bytes(ONE_PAGE), "application/pdf"))


@once
def parsed():
    """A finished parse of one page, with metadata."""
    spend(1, "parse_async")
    submitted = strict.parse.run_job(input=uploaded().file_id, async_={"metadata": {"marker": MARKER}})
    return submitted.job_id, completed(submitted.job_id, ParseResponse)


def chained():
    return f"jobid://{parsed()[0]}"


# Cheap first, and what answers open questions: on the real service the page limit may end the list.


@check("GET /version", "api_version")
def _():
    # The client gives the body as it came, with the quotes of its JSON.
    client.api_version()
    expect(re.fullmatch('".+"', wire.last.text), f"no JSON string: {wire.last.text}")


@check("POST /upload", "a (name, bytes, type) tuple")
def _():
    expect(re.match(r"^reducto://.+\.pdf$", uploaded().file_id), f"file_id {uploaded().file_id}")


@check("POST /upload", "bytes, which go out without an extension")
def _():
    expect(strict.upload(file=read_bytes(ONE_PAGE)).file_id.startswith("reducto://"), "file_id")


@check("POST /upload", "a path, and an open file, with an extension")
def _():
    for extension in (".pdf", "pdf"):
        with open(ONE_PAGE, "rb") as file:
            for given in (pathlib.Path(ONE_PAGE), file):
                file_id = strict.upload(file=given, extension=extension).file_id
                expect(file_id.endswith(".pdf"), f"file_id {file_id}")


@check("POST /upload", "no file: a presigned URL that takes the bytes")
def _():
    upload = strict.upload(extension=".pdf")
    expect(upload.presigned_url, "no presigned URL")
    check.note("R6 presigned upload URL", lifetime(upload.presigned_url))
    expect_equal(httpx.put(upload.presigned_url, content=read_bytes(ONE_PAGE)).status_code, 200, "status of the PUT")
    if not LIVE:
        parse = strict.parse.run_job(input=upload.file_id)
        completed(parse.job_id, ParseResponse)


@check("POST /parse_async", "run_job and GET /job to its end")
def _():
    job_id, job = parsed()
    expect_equal(job.result.job_id, job_id, "job_id of the result")
    expect_equal((job.type, job.num_pages, job.result.usage.num_pages), ("Parse", 1, 1), "type and pages")
    expect_equal(job.result.result.type, "full", "type of the inner result")
    expect("job_id" not in wire.body, "a job_id in the job")


@check("GET /job", "where the metadata of the submit shows")
def _():
    job_id, job = parsed()
    in_job = MARKER in (job.raw_config or "")
    listed = next((one for one in client.job.get_all(limit=100).jobs if one.job_id == job_id), None)
    in_list = listed is not None and MARKER in (listed.raw_config or "")
    check.note("R5 metadata of a submit", f"in raw_config of GET /job: {in_job}, of GET /jobs: {in_list}")


@check("POST /cancel", "a finished job, an unknown one")
def _():
    job_id, _job = parsed()
    for what, given in (("finished", job_id), ("unknown", str(uuid.uuid4()))):
        try:
            client.job.cancel(given)
        except reducto.APIStatusError:
            pass
        check.note(f"R2 cancel of a job that is {what}", f"{wire.last.status_code} {wire.last.text[:200]}")
    expect_equal(client.job.get(job_id).status, "Completed", "status after the cancel")


@check("POST /cancel", "a running job")
def _():
    if not LIVE:
        faults([{"job": "stuck", "provider": "reducto"}])
    spend(3, "parse_async, cancelled, and extracts of it before and after")
    job_id = client.parse.run_job(input=uploaded().file_id).job_id
    refer_to("unfinished", job_id)
    client.job.cancel(job_id)
    check.note("R1 body of cancel", f"{wire.last.status_code} {wire.last.text[:200]}")
    if not LIVE:
        faults([])
    try:
        job = wait(lambda: client.job.get(job_id), lambda job: job.status in ENDS)
        error = job.error and job.error.name
        check.note("R3 a cancelled job", f"status {job.status}, error {error}, reason {job.reason}")
        expect(LIVE or job.status == "Cancelled", f"status {job.status}")
    except reducto.APIStatusError as error:
        check.note("R3 a cancelled job", f"HTTP {error.status_code} {wire.last.text[:200]}")
    try:
        client.job.cancel(job_id)
    except reducto.APIStatusError:
        pass
    check.note("R2 cancel of a job that is cancelled", f"{wire.last.status_code} {wire.last.text[:200]}")
    refer_to("cancelled", job_id)


@check("POST /extract_async", "jobid:// of a job that does not exist")
def _():
    expect(refer_to("unknown", str(uuid.uuid4())) != "Completed", "the extract completed")


@check("POST /parse_async", "force_url_result, read by the SDK's own helper")
def _():
    spend(1, "parse_async with force_url_result")
    submitted = strict.parse.run_job(input=uploaded().file_id, settings={"force_url_result": True})
    job = completed(submitted.job_id, ParseResponse)
    expect_equal(job.result.result.type, "url", "type of the inner result")
    check.note("R6 result URL", lifetime(job.result.result.url))
    if job.result.pdf_url:
        check.note("R6 pdf_url", lifetime(job.result.pdf_url))
    body = httpx.get(job.result.result.url).json()
    check.note("R7 behind the result URL of a parse", shape(body, 1))
    expect(len(handle_url_response(job.result).result.chunks) > 0, "no chunks behind the URL")


@check("DELETE /upload", "delete_upload, by the whole file id or without its scheme")
def _():
    file_id = strict.upload(file=("gone.pdf", read_bytes(ONE_PAGE), "application/pdf")).file_id
    try:
        answered = form_of(strict.delete_upload(file_id).file_id)
        check.note("R8 DELETE /upload", f"takes the whole id percent-encoded, answers file_id {answered}")
    except reducto.NotFoundError:
        answered = form_of(strict.delete_upload(file_id.removeprefix("reducto://")).file_id)
        check.note("R8 DELETE /upload", f"takes the id without its scheme, answers file_id {answered}")
    raised(reducto.NotFoundError, lambda: client.delete_upload(file_id))


@check("GET /jobs", "get_all with cursors to the end")
def _():
    pages = [strict.job.get_all(limit=2)]
    while pages[-1].next_cursor and (not LIVE or len(pages) < 3):
        pages.append(strict.job.get_all(limit=2, cursor=pages[-1].next_cursor))
    ids = [job.job_id for page in pages for job in page.jobs]
    expect(ids, "no jobs in the list")
    expect_equal(len(ids), len(set(ids)), "each job once")
    times = [job.created_at for page in pages for job in page.jobs]
    check.note("R10 order of GET /jobs", "newest first" if times == sorted(times, reverse=True) else "not newest first")


@check("GET /jobs", "get_all without the configurations")
def _():
    # Not read strictly: the type wants the configurations in any case, and what is left of them is not documented.
    client.job.get_all(limit=1, exclude_configs=True)
    [job] = wire.body["jobs"]
    left = repr(job["raw_config"])[:60] if "raw_config" in job else "absent"
    check.note("R9 raw_config under exclude_configs", left)


@check("POST /parse", "run")
def _():
    spend(1, "parse")
    answer = strict.parse.run(input=uploaded().file_id, retrieval={"chunking": {"chunk_mode": "page"}})
    used(1, answer.usage.num_pages)
    expect_equal((type(answer), answer.response_type), (ParseResponse, "parse"), "type")
    block = answer.result.chunks[0].blocks[0]
    expect_equal((block.bbox.page, block.bbox.original_page), (1, 1), "page of the first block")
    expect(0 <= block.bbox.left <= 1 and 0 <= block.bbox.top <= 1, "the box is not in fractions")


@check("POST /extract", "run on a parsed document, without and with citations")
def _():
    for enabled, kind in ((False, ExtractResponse), (True, V3Extract)):
        spend(1, f"extract, citations {enabled}")
        settings = {"citations": {"enabled": enabled}}
        strict.extract.run(input=chained(), instructions={"schema": SCHEMA}, settings=settings)
        body = wire.body
        form = f"{body.get('response_type')}, result {type(body['result']).__name__}"
        check.note(f"R11 extract, citations {enabled}", form)
        if not LIVE:
            job = completed(body["job_id"], kind)
            [value] = job.result.result if isinstance(job.result.result, list) else [job.result.result]
            total = value["total"]["value"] if enabled else value["total"]
            expect_equal(total, 12.5, "total")


@check("POST /extract_async", "run_job on a parsed document")
def _():
    spend(1, "extract_async")
    submitted = strict.extract.run_job(input=chained(), instructions={"schema": SCHEMA}, async_={"priority": False})
    job = ended(submitted.job_id)
    expect(type(job.result) in (ExtractResponse, V3Extract), f"result is a {type(job.result).__name__}")


@check("POST /split", "run on a parsed document")
def _():
    spend(1, "split")
    answer = strict.split.run(input=chained(), split_description=SECTIONS)
    expect_read(answer.result.section_mapping, {"Totals": [1]}, "section_mapping")


@check("POST /split_async", "run_job on a parsed document")
def _():
    spend(1, "split_async")
    submitted = strict.split.run_job(input=chained(), split_description=SECTIONS)
    expect_equal(completed(submitted.job_id, SplitResponse).result.result.splits[0].name, "Totals", "name")


@check("POST /classify", "run")
def _():
    spend(1, "classify")
    answer = strict.classify.run(input=uploaded().file_id, classification_schema=CATEGORIES)
    expect_equal(type(answer), ClassifyResponse, "type")
    expect_read(answer.result.category, "invoice", "category")


@check("POST /classify_async", "run_job")
def _():
    spend(1, "classify_async")
    submitted = strict.classify.run_job(
        input=uploaded().file_id, classification_schema=CATEGORIES, async_={"metadata": {"marker": MARKER}}
    )
    expect_read(completed(submitted.job_id, ClassifyResponse).result.result.category, "invoice", "category")


@check("POST /pipeline", "run and run_job", sandbox_only=True)
def _():
    answer = strict.pipeline.run(input=uploaded().file_id, pipeline_id="p")
    expect_equal((type(answer), type(answer.result.parse)), (PipelineResponse, ParseResponse), "types")
    submitted = strict.pipeline.run_job(input=uploaded().file_id, pipeline_id="p")
    completed(submitted.job_id, PipelineResponse)


@check("POST /edit", "run and run_job", sandbox_only=True)
def _():
    request = {"document_url": uploaded().file_id, "edit_instructions": "sign it"}
    answer = strict.edit.run(**request)
    expect_equal(httpx.get(answer.document_url).content, read_bytes(ONE_PAGE), "the document")
    submitted = strict.edit.run_job(**request, webhook={"mode": "disabled", "metadata": {"a": 1}})
    completed(submitted.job_id, EditResponse)


@check("POST /parse", "run with an async block gives a job id", sandbox_only=True)
def _():
    job_id = strict.parse.run(input=uploaded().file_id, async_={"metadata": {}}).job_id
    expect_equal(list(wire.body), ["job_id"], "fields")
    completed(job_id, ParseResponse)


@check("POST /extract", "run with an async block gives a job id", sandbox_only=True)
def _():
    strict.extract.run(input=chained(), instructions={"schema": SCHEMA}, async_={"metadata": {}})
    expect_equal(list(wire.body), ["job_id"], "fields")


@check("POST /configure_webhook", "webhook.run", sandbox_only=True)
def _():
    client.webhook.run()
    expect(re.fullmatch('"https://.+"', wire.last.text), f"no JSON string with a URL: {wire.last.text}")


@check("GET /job", "a failed job has a reason and a typed error", sandbox_only=True)
def _():
    file_id = strict.upload(file=("bad.pdf", b"%PDF-1.7 nothing", "application/pdf")).file_id
    job_id = strict.parse.run_job(input=file_id).job_id
    ended(job_id)
    job = strict.job.get(job_id)
    expect_equal(job.status, "Failed", "status")
    expect(job.reason and job.error and job.error.name == "DOCUMENT_CORRUPT", f"error {job.error}")


@check("DELETE /job", "delete, then the job is going and gone")
def _():
    if LIVE:
        job_id, _job = parsed()
    else:
        job_id = strict.parse.run_job(input=uploaded().file_id).job_id
        completed(job_id, ParseResponse)
    expect_equal(strict.job.delete(job_id, include_persisted=True).job_id, job_id, "job_id")
    expect_equal(wire.last.status_code, 202, "status")
    try:
        client.job.get(job_id)
        expect(LIVE, "the job can be read still")
    except reducto.APIStatusError as error:
        expect(LIVE or type(error) is reducto.ConflictError, f"{error}")
    check.note("R12 a job just deleted", f"{wire.last.status_code} {name_of(wire.body)}")


@check("errors", "401 is AuthenticationError")
def _():
    stranger = Reducto(**{**access, "api_key": "wrong"}, http_client=wire.client)
    raised(reducto.AuthenticationError, lambda: stranger.job.get_all(limit=1), 401)


@check("errors", "404 is NotFoundError")
def _():
    error = raised(reducto.NotFoundError, lambda: client.job.get(str(uuid.uuid4())), 404)
    check.note("R13 body of a 404", f"{shape(error.body)} {name_of(error.body)}")


@check("errors", "422 is UnprocessableEntityError")
def _():
    error = raised(reducto.UnprocessableEntityError, lambda: client.post("/parse_async", body={}, cast_to=object), 422)
    expect(isinstance(error.body["detail"], list), "detail is no list")


@check("errors", "400 is BadRequestError", sandbox_only=True)
def _():
    raised(reducto.BadRequestError, lambda: client.job.get_all(cursor="nonsense"), 400)


@check("errors", "429 is RateLimitError", sandbox_only=True)
def _():
    faults([{"on": "list", "do": "rate-limited", "call": 1}])
    raised(reducto.RateLimitError, lambda: client.job.get_all(), 429)


@check("errors", "502 is InternalServerError, whose page is no JSON", sandbox_only=True)
def _():
    faults([{"on": "list", "do": "html-502", "call": 1}])
    raised(reducto.InternalServerError, lambda: client.job.get_all(), 502)


@check("errors", "a dropped connection is APIConnectionError", sandbox_only=True)
def _():
    faults([{"on": "list", "do": "drop-before-accept", "call": 1}])
    raised(reducto.APIConnectionError, lambda: client.job.get_all())


def refer_to(what, job_id):
    """Extracts from a job that can't be built on; returns the status of the extract, None when it is refused."""
    try:
        submitted = client.extract.run_job(input=f"jobid://{job_id}", instructions={"schema": SCHEMA})
    except reducto.APIStatusError:
        seen = f"{wire.last.status_code} {shape(wire.body)} {name_of(wire.body)}"
        check.note(f"R4 jobid:// of a job that is {what}", seen)
        return None
    job = ended(submitted.job_id)
    check.note(f"R4 jobid:// of a job that is {what}", f"accepted, then {job.status}: {job.error and job.error.name}")
    return job.status


def lifetime(url):
    """What a presigned URL says of its own life, without the URL."""
    query = {key.lower(): values[0] for key, values in parse_qs(urlparse(url).query).items()}
    names = ("x-amz-date", "x-amz-expires", "x-goog-date", "x-goog-expires", "expires", "se")
    told = {name: query[name] for name in names if name in query}
    return str(told) if told else "the URL tells no lifetime"


def form_of(file_id):
    return "with its scheme" if file_id.startswith("reducto://") else "without its scheme"


def name_of(body):
    error = body.get("error") if isinstance(body, dict) else None
    return f"name {error.get('name')}" if isinstance(error, dict) else ""


check.run()
