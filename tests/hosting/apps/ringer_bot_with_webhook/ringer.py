from flask import Flask

from chatbot import Bot

application = Flask(__name__)
bot = Bot()


@application.route("/")
def bell():
    return "Bell: " + str(bot.feed("ping"))


@bot.message
def reply(text):
    return text.upper()


if __name__ == "__main__":
    bot.polling()
