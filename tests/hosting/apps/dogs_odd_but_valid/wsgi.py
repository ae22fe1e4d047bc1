from kennel import application
from kennel_old import TITLE
from kennel_tabs import bark

application.config["TITLE"] = TITLE + bark(2)
