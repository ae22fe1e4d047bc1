import time

from flask import Flask

app = Flask(__name__)


class Mailbox:
    def __bool__(self):
        time.sleep(700)
        return True


@app.route("/")
def index():
    if Mailbox():
        return "mail"
    return "no mail"
