from flask import Flask, render_template_string

app = Flask(__name__)

BREADS = {"Rye bread": 4.20, "Baguette": 1.90, "Spelt roll": 0.80}

PAGE = """
<h1>Fresh today</h1>
{% for name, price in breads.items() %}<p>{{ name }}: {{ price }}</p>{% endfor %}
"""


@app.route("/")
def fresh_today():
    return render_template_string(PAGE, breads=BREADS)


app.run()
