"""Airflow 2.4 or newer: warms the gateway's caches at 08:30 in Seoul on weekdays. Copy it into the DAG folder beside warm_cache.py.

The gateway does the same by itself (GATEWAY_WARM_AT, 08:30); set that to off where this DAG replaces it. Weekdays are not
trading days: on an exchange holiday the warmup is harmless and costs a few hundred calls.

Variables of Airflow: gateway_url, and where the gateway requires them gateway_api_key and gateway_operator_token.
"""

from datetime import timedelta

import pendulum
from airflow import DAG
from airflow.models import Variable
from airflow.operators.python import PythonOperator

import warm_cache

SEOUL = pendulum.timezone("Asia/Seoul")


def reach():
    """Address and credentials: read when a task runs, not whenever the scheduler parses this file."""
    return Variable.get("gateway_url", default_var="http://127.0.0.1:8890"), warm_cache.identity(
        {
            "GATEWAY_API_KEY": Variable.get("gateway_api_key", default_var=""),
            "GATEWAY_OPERATOR_TOKEN": Variable.get("gateway_operator_token", default_var=""),
        }
    )


def begin():
    base, headers = reach()
    return warm_cache.begin(base, headers)


def wait(job_id):
    base, headers = reach()
    return warm_cache.check(warm_cache.wait(base, headers, job_id))


with DAG(
    dag_id="kis_gateway_warm",
    schedule="30 8 * * 1-5",
    start_date=pendulum.datetime(2026, 1, 1, tz=SEOUL),
    catchup=False,
    max_active_runs=1,
) as dag:
    # Not repeated: a started job continues, and a second one would only run beside it.
    begun = PythonOperator(task_id="begin", python_callable=begin, retries=0)
    waited = PythonOperator(
        task_id="wait",
        python_callable=wait,
        op_args=[begun.output],
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=35),
    )
    begun >> waited
