import time

running = True


def tick():
    print(time.strftime("%H:%M"))


while running:
    tick()
    time.sleep(30)
