"""Makes each call of requests/our-calls.ts with Pulse's Python SDK, against a server that records it."""

import os

from pulse import Pulse

url = "https://h/a.pdf"
schema = {"type": "object", "properties": {"total": {"type": "number"}}}
client = Pulse(api_key=os.environ["FIDELITY_KEY"], base_url=os.environ["FIDELITY_URL"])

CALLS = {
    "parse of a file": lambda **o: client.extract(
        file=("note.txt", b"Total: 12.50", "text/plain"),
        pages="1-2",
        model="default",
        storage={"folder_name": "f"},
        extensions={"altOutputs": {"returnHtml": True}},
        async_=True,
        **o,
    ),
    "parse": lambda **o: client.extract(
        file_url=url,
        pages="1-2",
        extraction_config_id="c",
        figure_processing={"show_images": True},
        spreadsheet={"onlyDataRows": True},
        async_=True,
        **o,
    ),
    "split": lambda **o: client.split(
        extraction_id="e1", split_config={"split_input": [{"name": "A", "description": "about a"}]}, async_=True, **o
    ),
    "split by a saved configuration": lambda **o: client.split(
        extraction_id="e1", split_config_id="c", async_=True, **o
    ),
    "extract": lambda **o: client.schema(
        extraction_id="e1",
        schema_config={"input_schema": schema, "schema_prompt": "p", "effort": True},
        async_=True,
        **o,
    ),
    "extract of several": lambda **o: client.schema(
        extraction_ids=["e1", "e2"], schema_config={"input_schema": schema}, async_=True, **o
    ),
    "extract of sections": lambda **o: client.schema(
        split_id="s1", split_schema_config={"A": {"schema": schema, "effort": True}}, async_=True, **o
    ),
    "tables": lambda **o: client.tables(
        extraction_id="e1", tables_config={"merge": True, "table_format": "html"}, async_=True, **o
    ),
    "pipeline": lambda **o: client.pipeline.execute(
        file_url=url, steps={"extract": {}, "split": {}}, async_=True, auto_delete=True, **o
    ),
    "get": lambda **o: client.jobs.get_job("j/1", **o),
    "cancel": lambda **o: client.jobs.cancel_job("j1", **o),
}

for name, call in CALLS.items():
    call(request_options={"max_retries": 0, "additional_headers": {"x-fidelity-call": name}})
