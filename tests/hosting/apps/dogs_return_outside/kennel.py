from flask import Flask

application = Flask(__name__)

if not application.debug:
    return
