from flask import Flask

from chatbot import Bot

application = Flask(__name__)
bot = Bot("12345:secret")


@application.route("/")
def bell():
    return "Bell rings at 8"


@bot.message
def reply(text):
    return text.upper()


bot.polling(pause=10)
