from flask import Flask

from .fields import fields

app = Flask(__name__)
app.register_blueprint(fields)
