"""The reports of the shop."""

import time

import requests
from flask import Flask, request

site = Flask(__name__)


@site.get("/")
def index():
    return "The shop is open."


@site.post("/report")
def report():
    year = int(request.form["year"])
    rows = collect(year)
    return {"rows": rows}


def collect(year):
    """The sales of a year. The partner answers one question in five seconds."""
    rows = []
    for month in range(1, 13):
        answer = requests.get(f"https://partner.example/sales/{year}/{month}", timeout=10)
        rows.append(answer.json())
        time.sleep(5)
    return rows
