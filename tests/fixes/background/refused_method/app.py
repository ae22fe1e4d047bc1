from flask import Flask
from flask.views import MethodView

app = Flask(__name__)


class Report(MethodView):
    def get(self):
        «x = slow()»
        return x


app.add_url_rule("/report", view_func=Report.as_view("report"))
