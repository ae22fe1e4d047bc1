from flask import Flask


def make_site():
    site = Flask(__name__)
    site.add_url_rule("/", "coins", lambda: "Coins")
    return site
