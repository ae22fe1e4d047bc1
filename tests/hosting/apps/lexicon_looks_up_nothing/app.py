from flask import Flask

app = Flask(__name__)
USERS = {"ann": {"age": 4}}


@app.route("/")
def index():
    user = USERS.get("bob")
    return str(user["age"])
