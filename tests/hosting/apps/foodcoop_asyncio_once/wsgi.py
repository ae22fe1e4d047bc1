import asyncio

boxes = []


async def collect_once():
    await asyncio.sleep(0)
    boxes.append("apples")


async def collect_for_ever():
    while True:
        await collect_once()


asyncio.run(collect_once())


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Boxes: {boxes}".encode()]
