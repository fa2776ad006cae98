"""Warms a gateway's caches and waits for the end of the job. Python 3.9 or newer, standard library only.

    GATEWAY_URL=http://127.0.0.1:8890 python3 warm_cache.py [SYMBOL ...]

GATEWAY_API_KEY, where the gateway requires one, is the key of an operator; GATEWAY_OPERATOR_TOKEN is sent with it where one is
set. The Airflow DAG beside this file (warm_dag.py) calls the same functions.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request


class WarmingFailed(Exception):
    """The warmup was refused, did not end as DONE, left a unit cold, or took too long."""


def call(base, method, path, body=None, headers=None, timeout=10):
    """Sends one request and returns the JSON answer. A refusal raises with the gateway's message."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base.rstrip("/") + path, data=data, method=method, headers=dict(headers or {}))
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            raise WarmingFailed("%s %s: %s %s" % (method, path, refused.code, refused.read().decode(errors="replace"))) from None
    except OSError as silent:
        raise WarmingFailed("%s %s: no answer from %s (%s)" % (method, path, base, silent)) from silent


def identity(environment):
    """The credential headers."""
    headers = {}
    if environment.get("GATEWAY_API_KEY"):
        headers["Authorization"] = "Bearer " + environment["GATEWAY_API_KEY"]
    if environment.get("GATEWAY_OPERATOR_TOKEN"):
        headers["X-Operator-Token"] = environment["GATEWAY_OPERATOR_TOKEN"]
    return headers


def begin(base, headers, symbols=(), top=None, data_types=()):
    """Starts a warmup and returns its job's id. Without symbols it covers the most traded ones."""
    body = {}
    if symbols:
        body["symbols"] = list(symbols)
    if top:
        body["top"] = int(top)
    if data_types:
        body["data_types"] = list(data_types)
    return call(base, "POST", "/v1/cache/warm", body, headers)["id"]


def wait(base, headers, job_id, patience=1800.0, pause=2.0, clock=time.monotonic, sleep=time.sleep):
    """Waits until the job has ended and returns it. A gateway that does not answer for a moment is polled again."""
    until = clock() + patience
    while True:
        try:
            job = call(base, "GET", "/v1/jobs/" + job_id, headers=headers)
            if job["state"] != "RUNNING":
                return job
            progress = "%d of %d are done" % (job["done"] + job["failed"], job["total"])
        except WarmingFailed as trouble:
            if "no answer" not in str(trouble):
                raise
            progress = str(trouble)
        if clock() >= until:
            raise WarmingFailed("job %s has not ended in %d s: %s" % (job_id, patience, progress))
        sleep(pause)


def check(job, failed_most=0):
    """Returns the figures of a successful job, and raises for any other."""
    if job["state"] != "DONE":
        raise WarmingFailed("job %s ended %s: %s" % (job["id"], job["state"], job["message"]))
    if job["failed"] > failed_most:
        first = ", ".join("%(unit)s %(code)s" % failure for failure in job["failures"][:5])
        raise WarmingFailed("job %s left %d of %d cold: %s" % (job["id"], job["failed"], job["total"], first))
    return job["result"]


def main(arguments, environment):
    base = environment.get("GATEWAY_URL", "http://127.0.0.1:8890")
    headers = identity(environment)
    try:
        print(json.dumps(check(wait(base, headers, begin(base, headers, arguments), pause=0.5))))
        return 0
    except WarmingFailed as failed:
        print(failed, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
