application = "trails:app"
