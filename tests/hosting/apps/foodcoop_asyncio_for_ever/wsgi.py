import asyncio

boxes = []


async def collect():
    while True:
        boxes.append("apples")
        await asyncio.sleep(1)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Boxes"]


asyncio.run(collect())
