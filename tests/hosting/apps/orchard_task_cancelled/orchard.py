import asyncio

from flask import Flask

app = Flask(__name__)


@app.route("/")
def orchard():
    return "Orchard"


async def beat():
    while True:
        await asyncio.sleep(0.01)


async def ring(bell):
    bell.set()


async def main():
    task = asyncio.create_task(beat())
    bell = asyncio.Event()
    ringing = asyncio.create_task(ring(bell))
    await bell.wait()
    await ringing
    task.cancel()


asyncio.run(main())
loop = asyncio.new_event_loop()
loop.call_soon(loop.stop)
loop.run_forever()
loop.close()
