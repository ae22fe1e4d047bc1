import time

running = True


def tick():
    global running
    running = False
    print(time.strftime("%H:%M"))


while running:
    tick()
    time.sleep(30)
