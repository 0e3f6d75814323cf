"""Makes each call of requests/our-calls.ts with Reducto's Python SDK, against a server that records it."""

import os

from reducto import APIError, Reducto

url = "https://h/a.pdf"
parsed = "jobid://j1"
schema = {"type": "object", "properties": {"total": {"type": "number"}}}
marked = {"metadata": {"documentJobs": {"marker": "m1"}}}
pinned = {"model": "r-1"}
client = Reducto(api_key=os.environ["FIDELITY_KEY"], base_url=os.environ["FIDELITY_URL"], max_retries=0)

CALLS = {
    "upload": lambda **o: client.upload(file=("note.txt", b"Total: 12.50", "text/plain"), **o),
    "parse": lambda **o: client.parse.run_job(
        input=url,
        retrieval={"chunking": {"chunk_mode": "page"}},
        settings={"page_range": {"start": 1, "end": 2}, **pinned},
        async_={"priority": True, "webhook": {"mode": "svix", "channels": ["a"]}, **marked},
        queue_priority="batch",
        **o,
    ),
    "extract": lambda **o: client.extract.run_job(
        input=parsed, instructions={"schema": schema}, settings={"deep_extract": True}, async_=marked, **o
    ),
    "extract of a file": lambda **o: client.extract.run_job(
        input=url,
        parsing={"settings": pinned},
        instructions={"schema": schema},
        settings={"page_range": [1]},
        async_=marked,
        **o,
    ),
    "split": lambda **o: client.split.run_job(
        input=parsed, split_description=[{"name": "A", "description": "about a"}], split_rules="r", async_=marked, **o
    ),
    "classify": lambda **o: client.classify.run_job(
        input=url, classification_schema=[{"category": "c", "criteria": ["k"]}], async_=marked, **o
    ),
    "pipeline": lambda **o: client.pipeline.run_job(input=url, pipeline_id="p", async_=marked, **o),
    "edit": lambda **o: client.edit.run_job(
        document_url=url, edit_instructions="e", webhook={"mode": "disabled", **marked}, **o
    ),
    "get": lambda **o: client.job.get("j/1", **o),
    "cancel": lambda **o: client.job.cancel("j1", **o),
    "list": lambda **o: client.job.get_all(limit=500, cursor="c", exclude_configs=False, **o),
    "probe": lambda **o: client.job.get_all(limit=1, exclude_configs=True, **o),
    "delete job": lambda **o: client.job.delete("j1", include_persisted=True, **o),
    "delete upload": lambda **o: client.delete_upload("reducto://f.pdf", **o),
}

for name, call in CALLS.items():
    try:
        call(extra_headers={"x-fidelity-call": name})
    except APIError:
        pass  # what is answered does not matter: the request is out
