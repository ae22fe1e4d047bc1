import time

from flask import Flask

app = Flask(__name__)


@app.get('/slow')
def slow():
	«for i in range(3):
		time.sleep(i)  # slow
	total = i»
	return str(total)
