"""The reports of the shop."""

import time

import requests
from flask import Flask, request, url_for

from shop.tasks import job_status, report_task

site = Flask(__name__)


@site.get("/")
def index():
    return "The shop is open."


@site.post("/report")
def report():
    year = int(request.form["year"])
    job_id = report_task(year).id
    status = url_for("report_task_status", job_id=job_id)
    return {"job": job_id, "status": status}, 202


@site.get("/jobs/report/<job_id>")
def report_task_status(job_id):
    status, result = job_status(job_id)
    if status != "finished":
        return {"status": status}, 500 if status == "failed" else 202
    rows = result["rows"]
    return {"rows": rows}


def collect(year):
    """The sales of a year. The partner answers one question in five seconds."""
    rows = []
    for month in range(1, 13):
        answer = requests.get(f"https://partner.example/sales/{year}/{month}", timeout=10)
        rows.append(answer.json())
        time.sleep(5)
    return rows
