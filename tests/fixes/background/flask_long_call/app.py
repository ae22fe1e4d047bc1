from flask import Flask, request

import survey

app = Flask(__name__)


@app.get("/survey")
def results_of_the_survey():
    «answers = survey.collect(
        request.args["first_question"],
        request.args["second_question"],
        request.args["third_question"],
    )»
    return answers
