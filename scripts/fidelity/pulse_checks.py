"""Drives a Pulse service through every endpoint that its Python SDK has and the sandbox serves."""

import os
import uuid

from pulse import Pulse
from pulse.core.api_error import ApiError
from pulse.errors import (
    BadRequestError,
    ForbiddenError,
    GoneError,
    InternalServerError,
    NotFoundError,
    TooManyRequestsError,
    UnauthorizedError,
)
from pulse.types.async_submission_response import AsyncSubmissionResponse
from pulse.types.extract_large_result_response import ExtractLargeResultResponse
from pulse.types.extract_request_storage import ExtractRequestStorage
from pulse.types.extract_response import ExtractResponse
from pulse.types.extract_result_core import ExtractResultCore
from pulse.types.job_cancellation_response import JobCancellationResponse
from pulse.types.job_status_response import JobStatusResponse
from pulse.types.pipeline_execute_response import PipelineExecuteResponse
from pulse.types.single_schema_response import SingleSchemaResponse
from pulse.types.split_response import SplitResponse
from pulse.types.split_schema_response import SplitSchemaResponse
from pulse.types.tables_response import TablesResponse

from harness import (
    LIVE,
    ONE_PAGE,
    Checks,
    Wire,
    conforms,
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

check = Checks("pulse")
wire = Wire()
url = os.environ["FIDELITY_URL"]
client = Pulse(api_key=os.environ["FIDELITY_KEY"], base_url=url, httpx_client=wire.client)
# The constructor's own `max_retries` is not heeded.
ONE_TRY = {"max_retries": 0}

ENDS = ("completed", "failed", "canceled", "cancelled", "expired")
SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}}
SPLIT = {"split_input": [{"name": "Totals", "description": "the total amount"}]}


def one_page():
    return ("one.pdf", read_bytes(ONE_PAGE), "application/pdf")


def get(job_id):
    job = client.jobs.get_job(job_id, request_options=ONE_TRY)
    conforms(JobStatusResponse, wire.body)
    return job


def completed(job_id):
    job = wait(lambda: get(job_id), lambda job: job.status in ENDS)
    expect_equal(job.status, "completed", f"status ({job.error})")
    return job.result


def acknowledged(endpoint):
    """The job's id of an acknowledgement, which the SDK types as if it were the result."""
    body = wire.body
    key = "job_id" if "job_id" in body else "tables_id"
    if key == "job_id":
        conforms(AsyncSubmissionResponse, body)
    check.note(f"P1 acknowledgement of {endpoint}", f"{wire.last.status_code} {shape(body, 1)}")
    return body[key]


@once
def extraction():
    """The result of an asynchronous extract of one page."""
    spend(1, "extract, async")
    client.extract(file=one_page(), async_=True, request_options=ONE_TRY)
    job_id = acknowledged("/extract")
    result = completed(job_id)
    conforms(ExtractResponse, result)
    used(1, result.get("page_count"))
    return job_id, result


def extraction_id():
    return extraction()[1]["extraction_id"]


@once
def split():
    spend(1, "split")
    answer = client.split(extraction_id=extraction_id(), split_config=SPLIT, request_options=ONE_TRY)
    conforms(SplitResponse, wire.body)
    return answer


# Cheap first, and what answers open questions: on the real service the page limit may end the list.


@check("POST /extract", "a (name, bytes, type) tuple, async, and GET /job to its end")
def _():
    _job_id, result = extraction()
    expect("total" in result["markdown"].lower(), "the text is not in the markdown")
    expect_equal(result["page_count"], 1, "page_count")


@check("GET /job", "a finished job gives its result again and again")
def _():
    job_id, result = extraction()
    expect_equal(get(job_id).result, result, "the second read")
    limits = [name for name in wire.last.headers if "ratelimit" in name.lower() or name.lower() == "retry-after"]
    check.note("P4 a finished job read twice", "the same result inline")
    check.note("P5 rate-limit headers", ", ".join(limits) or "none")


@check("DELETE /job", "a finished job stays as it is")
def _():
    job_id, _result = extraction()
    try:
        client.jobs.cancel_job(job_id, request_options=ONE_TRY)
    except ApiError:
        pass
    check.note("P2 DELETE of a finished job", f"{wire.last.status_code} {wire.last.text[:200]}")
    expect_equal(get(job_id).status, "completed", "status")


@check("DELETE /job", "a running job")
def _():
    if not LIVE:
        faults([{"job": "stuck", "provider": "pulse"}])
    spend(1, "extract, cancelled")
    client.extract(file=one_page(), async_=True, request_options=ONE_TRY)
    job_id = wire.body["job_id"]
    try:
        answer = client.jobs.cancel_job(job_id, request_options=ONE_TRY)
        conforms(JobCancellationResponse, wire.body)
        expect_equal(answer.job_id, job_id, "job_id")
    except ApiError:
        # The real service may have been faster than the cancel.
        expect(LIVE, wire.last.text)
        check.note("P2 DELETE of a job that may have ended", f"{wire.last.status_code} {wire.last.text[:200]}")
    if not LIVE:
        faults([])
    job = wait(lambda: get(job_id), lambda job: job.status in ENDS)
    check.note("P8 a cancelled job", f"status {job.status}, error {job.error}")
    expect(LIVE or job.status == "canceled", f"status {job.status}")


@check("errors", "401 is UnauthorizedError")
def _():
    stranger = Pulse(api_key="wrong", base_url=url, httpx_client=wire.client)
    error = raised(UnauthorizedError, lambda: stranger.jobs.get_job(str(uuid.uuid4()), request_options=ONE_TRY), 401)
    check.note("P3 body of a 401", f"{shape(error.body)} {code_of(error.body)}")


@check("errors", "404 is NotFoundError, for a job and for an extraction")
def _():
    error = raised(NotFoundError, lambda: client.jobs.get_job(str(uuid.uuid4()), request_options=ONE_TRY), 404)
    check.note("P3 body of a 404 for a job", f"{shape(error.body)} {code_of(error.body)}")
    unknown = {"extraction_id": str(uuid.uuid4()), "split_config": SPLIT}
    error = raised(NotFoundError, lambda: client.split(**unknown, request_options=ONE_TRY), 404)
    check.note("P3 body of a 404 for an extraction", f"{shape(error.body)} {code_of(error.body)}")


@check("errors", "400 is BadRequestError for a call without a document")
def _():
    error = raised(BadRequestError, lambda: client.extract(request_options=ONE_TRY), 400)
    check.note("P3 body of a 400", f"{shape(error.body)} {code_of(error.body)}")


@check("POST /split", "sync, and its pages")
def _():
    expect_read(split().split_output.splits, {"Totals": [1]}, "splits")


@check("POST /schema", "single, sync")
def _():
    spend(1, "schema")
    config = {"input_schema": SCHEMA}
    answer = client.schema(extraction_id=extraction_id(), schema_config=config, request_options=ONE_TRY)
    conforms(SingleSchemaResponse, wire.body)
    expect_read(answer.schema_output.values, {"total": 12.5}, "values")


@check("POST /tables", "sync")
def _():
    spend(1, "tables")
    try:
        client.tables(extraction_id=extraction_id(), tables_config={"table_format": "html"}, request_options=ONE_TRY)
    except ForbiddenError:
        check.note("P7 /tables", f"403 {wire.last.text[:200]}: the organisation does not have it")
        return
    conforms(TablesResponse, wire.body)


@check("POST /split", "async")
def _():
    spend(1, "split, async")
    client.split(extraction_id=extraction_id(), split_config=SPLIT, async_=True, request_options=ONE_TRY)
    conforms(SplitResponse, completed(acknowledged("/split")))


@check("POST /schema", "by the topics of a split, async")
def _():
    spend(1, "schema by topics, async")
    configs = {"Totals": {"schema": SCHEMA}}
    client.schema(split_id=split().split_id, split_schema_config=configs, async_=True, request_options=ONE_TRY)
    result = completed(acknowledged("/schema"))
    where = "results" if "results" in result else "schema_output"
    check.note("P6 values of a schema by topics", f"under {where}")
    conforms(SplitSchemaResponse if where == "results" else dict, result)


@check("POST /extract", "sync, with storage given as the SDK's own type")
def _():
    spend(1, "extract")
    storage = ExtractRequestStorage(enabled=True, folder_name="fidelity")
    client.extract(file=one_page(), pages="1", storage=storage, request_options=ONE_TRY)
    conforms(ExtractResponse, wire.body)


@check("POST /extract", "bytes, which go out without a name", sandbox_only=True)
def _():
    client.extract(file=read_bytes(ONE_PAGE), request_options=ONE_TRY)
    expect_equal(wire.body["page_count"], 1, "page_count")


@check("POST /extract", "a file_url", sandbox_only=True)
def _():
    answer = client.extract(file_url=os.environ["FIDELITY_DOCUMENT_URL"], request_options=ONE_TRY)
    expect_equal(answer.page_count, 1, "page_count")


@check("POST /extract", "extensions and figures, as plain dictionaries", sandbox_only=True)
def _():
    extensions = {"chunking": {"chunkTypes": ["page"]}, "altOutputs": {"returnHtml": True}}
    request = {"extensions": extensions, "figure_processing": {"description": True}}
    answer = client.extract(file=one_page(), **request, request_options=ONE_TRY)
    expect_equal(len(answer.extensions.chunking.page), 1, "chunks")
    expect("<" in answer.extensions.alt_outputs.html, "no HTML")


@check("POST /extract", "storage off: no extraction_id", sandbox_only=True)
def _():
    answer = client.extract(file=one_page(), storage={"enabled": False}, request_options=ONE_TRY)
    expect(answer.extraction_id is None, "an extraction_id")


@check("POST /extract_async", "the older way", sandbox_only=True)
def _():
    answer = client.extract_async(file=one_page(), request_options=ONE_TRY)
    conforms(AsyncSubmissionResponse, wire.body)
    conforms(ExtractResponse, completed(answer.job_id))


@check("POST /split", "async of several topics, one of them on no page", sandbox_only=True)
def _():
    config = {"split_input": [{"name": "Totals"}, {"name": "Weather", "description": "rain and snow"}]}
    client.split(extraction_id=extraction_id(), split_config=config, async_=True, request_options=ONE_TRY)
    expect_equal(set(completed(wire.body["job_id"])["split_output"]["splits"]), {"Totals", "Weather"}, "topics")


@check("POST /schema", "of several extractions, and a topic that fails", sandbox_only=True)
def _():
    client.extract(file=one_page(), request_options=ONE_TRY)
    ids = [extraction_id(), wire.body["extraction_id"]]
    answer = client.schema(extraction_ids=ids, schema_config={"input_schema": SCHEMA}, request_options=ONE_TRY)
    expect_equal(answer.extraction_ids, ids, "extraction_ids")
    configs = {"Totals": {"schema": SCHEMA}, "Nothing": {"schema": SCHEMA}}
    client.schema(split_id=split().split_id, split_schema_config=configs, request_options=ONE_TRY)
    conforms(SplitSchemaResponse, wire.body)
    expect_equal(list(wire.body["errors"]), ["Nothing"], "errors")


@check("POST /schema", "single, async", sandbox_only=True)
def _():
    config = {"input_schema": SCHEMA, "schema_prompt": "the sum", "effort": True}
    client.schema(extraction_id=extraction_id(), schema_config=config, async_=True, request_options=ONE_TRY)
    conforms(SingleSchemaResponse, completed(wire.body["job_id"]))


@check("POST /tables", "async", sandbox_only=True)
def _():
    client.tables(extraction_id=extraction_id(), async_=True, request_options=ONE_TRY)
    conforms(TablesResponse, completed(acknowledged("/tables")))


@check("POST /pipeline/execute", "sync and async", sandbox_only=True)
def _():
    document = os.environ["FIDELITY_DOCUMENT_URL"]
    steps = {"extract": {}, "schema": {"input_schema": SCHEMA}}
    answer = client.pipeline.execute(file_url=document, steps=steps, request_options=ONE_TRY)
    conforms(PipelineExecuteResponse, wire.body)
    expect_equal(answer.results.schema_.schema_output.values, {"total": 12.5}, "values")
    client.pipeline.execute(file_url=document, steps=steps, async_=True, request_options=ONE_TRY)
    conforms(PipelineExecuteResponse, completed(wire.body["job_id"]))


@check("GET /large_results", "a large result, once", sandbox_only=True)
def _():
    large = ("large.pdf", read_bytes(os.environ["FIDELITY_LARGE"]), "application/pdf")
    client.extract(file=large, request_options=ONE_TRY)
    conforms(ExtractLargeResultResponse, wire.body)
    expect_equal(wire.body["page_count"], 70, "page_count")
    client.extract(file=large, async_=True, request_options=ONE_TRY)
    job_id = wire.body["job_id"]
    conforms(ExtractLargeResultResponse, completed(job_id))
    whole = client.large_results.get_large_result(job_id, request_options=ONE_TRY)
    conforms(ExtractResultCore, wire.body)
    expect_equal(whole.page_count, 70, "page_count of the whole")
    raised(GoneError, lambda: client.large_results.get_large_result(job_id, request_options=ONE_TRY), 410)
    unknown = str(uuid.uuid4())
    raised(NotFoundError, lambda: client.large_results.get_large_result(unknown, request_options=ONE_TRY), 404)


@check("POST /webhook", "create_webhook_link", sandbox_only=True)
def _():
    expect(client.webhooks.create_webhook_link(request_options=ONE_TRY).link.startswith("https://"), "no link")


@check("GET /job", "a failed job has its error as text", sandbox_only=True)
def _():
    client.extract(file=("bad.pdf", b"%PDF-1.7 nothing", "application/pdf"), async_=True, request_options=ONE_TRY)
    job_id = wire.body["job_id"]
    job = wait(lambda: get(job_id), lambda job: job.status in ENDS)
    expect(job.status == "failed" and isinstance(job.error, str), f"{job}")


@check("errors", "403 is ForbiddenError where it is declared", sandbox_only=True)
def _():
    document = os.environ["FIDELITY_DOCUMENT_URL"]
    raised(ForbiddenError, lambda: client.form.detect(file_url=document, request_options=ONE_TRY), 403)


@check("errors", "429 is TooManyRequestsError", sandbox_only=True)
def _():
    faults([{"on": "get", "provider": "pulse", "do": "rate-limited", "call": 1}])
    raised(TooManyRequestsError, lambda: client.jobs.get_job("any", request_options=ONE_TRY), 429)


@check("errors", "500 is InternalServerError", sandbox_only=True)
def _():
    faults([{"on": "get", "provider": "pulse", "do": {"status": 500, "body": {"error": {"message": "m"}}}, "call": 1}])
    raised(InternalServerError, lambda: client.jobs.get_job("any", request_options=ONE_TRY), 500)


@check("errors", "413 has no class of its own", sandbox_only=True)
def _():
    too_large = ("large.pdf", b"%PDF-1.7" + bytes(50_000_001), "application/pdf")
    raised(ApiError, lambda: client.extract(file=too_large, request_options=ONE_TRY), 413)


def code_of(body):
    error = body.get("error") if isinstance(body, dict) else None
    return f"code {error.get('code')}" if isinstance(error, dict) else ""


check.run()
