import asyncio

boxes = []


async def collect():
    while True:
        boxes.append("apples")
        if len(boxes) == 3:
            return
        await asyncio.sleep(0)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Boxes"]


asyncio.run(collect())
