import time

from flask import Flask, request

app = Flask(__name__)
job_status = {}


def report_task():
    return 1


@app.get("/report")
def report():
    «seconds = int(request.args.get("seconds", 1))
    result = time.sleep(seconds)
    status = report_task()»
    return {"result": result, "status": status, "seconds": seconds, "from": request.args.get("from")}
