from time import sleep as pause

MINUTES = 1


def cool_down():
    pause(MINUTES * 60)
    return "ready"


STATE = cool_down()
