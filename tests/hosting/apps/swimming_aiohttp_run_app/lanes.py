from aiohttp import web

FREE = 3


async def free(request):
    return web.json_response({"free": FREE})


api = web.Application()
api.add_routes([web.get("/", free)])
web.run_app(api, port=8066)
