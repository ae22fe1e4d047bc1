from swap.web import app

app.config["PRICES"] = PRICES = {"paperback": 1}
